package org.dilort.input;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** How the bytes of a file are compressed; recognised by its first bytes, whatever its name. */
enum Compression {
    NONE("", 0) {
        @Override
        InputStream inflate(InputStream in) {
            return in;
        }
    },
    GZIP("gzip", 0x1f8b0000) {
        @Override
        InputStream inflate(InputStream in) throws IOException {
            return new GZIPInputStream(in, BUFFER_BYTES);
        }
    },
    ZSTD("zstd", 0x28b52ffd) {
        @Override
        InputStream inflate(InputStream in) throws IOException {
            return new ZstdInputStream(in).setContinuous(false).setLongMax(MAX_WINDOW_LOG);
        }
    };

    static final int MAGIC_BYTES = 4;
    private static final int BUFFER_BYTES = 1 << 16;
    /** A frame that asks for a window over 128 MiB is refused. */
    private static final int MAX_WINDOW_LOG = 27;

    private final String label;
    private final int magic;

    Compression(String label, int magic) {
        this.label = label;
        this.magic = magic;
    }

    String label() {
        return label;
    }

    abstract InputStream inflate(InputStream in) throws IOException;

    /** @param start the first bytes of the file, big-endian; a gzip file is known by the first two */
    static Compression of(int start) {
        if (start == ZSTD.magic) {
            return ZSTD;
        }
        return (start & 0xffff0000) == GZIP.magic ? GZIP : NONE;
    }
}

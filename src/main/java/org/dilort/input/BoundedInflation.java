package org.dilort.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.dilort.error.DataException;

/**
 * The content of a compressed file, refused where it grows beyond all measure: preference text shrinks to a quarter, a
 * file that was made to fill memory or disk shrinks to a thousandth.
 */
final class BoundedInflation extends FilterInputStream {
    static final int MAX_RATIO = 250;
    /** A small file may be of one repeated line. */
    private static final long ALWAYS_ALLOWED_BYTES = 16 << 20;

    private final Path file;
    private final long limit;
    private long count;

    BoundedInflation(Path file, InputStream in, long compressedBytes) {
        super(in);
        this.file = file;
        this.limit = Math.max(ALWAYS_ALLOWED_BYTES, compressedBytes * MAX_RATIO);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count += Math.max(0, read);
        if (count > limit) {
            throw new DataException(
                    file + ": inflates to more than " + MAX_RATIO + " times its size, expected compressed text");
        }
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

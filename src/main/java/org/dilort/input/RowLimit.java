package org.dilort.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fails when a row takes more bytes than it may, before a parser has collected them all. */
final class RowLimit extends FilterInputStream {
    /** Read at once, whatever is asked for: what is read ahead is counted for the row that was being read. */
    private static final int CHUNK_BYTES = 4096;

    private final long limitBytes;
    private long taken;

    RowLimit(InputStream in, long limitBytes) {
        super(in);
        this.limitBytes = limitBytes;
    }

    /** A row begins; what a parser has read ahead was counted for the one before. */
    void restart() {
        taken = 0;
    }

    @Override
    public int read() throws IOException {
        return counted(super.read(), 1);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, Math.min(length, CHUNK_BYTES));
        return counted(read, read);
    }

    private int counted(int result, int bytes) throws RowTooLongException {
        if (result >= 0) {
            taken += bytes;
        }
        if (taken > limitBytes) {
            throw new RowTooLongException(limitBytes);
        }
        return result;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

package org.dilort.input;

import java.io.IOException;

/** A row is longer than any row may be. */
final class RowTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    RowTooLongException(long limitBytes) {
        super("longer than " + limitBytes + " bytes");
    }
}

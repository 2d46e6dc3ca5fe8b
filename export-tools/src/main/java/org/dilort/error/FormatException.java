package org.dilort.error;

/** A file is damaged, truncated, hostile, or of a kind or version that is not supported. */
public final class FormatException extends UserException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}

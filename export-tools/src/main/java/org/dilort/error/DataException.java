package org.dilort.error;

/** A preference file or a token in it is wrong; the message names the file and the line. */
public final class DataException extends UserException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}

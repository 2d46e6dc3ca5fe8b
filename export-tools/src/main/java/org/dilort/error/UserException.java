package org.dilort.error;

/**
 * A mistake that the user can mend: usage, configuration, data or a damaged file. The command line prints the message
 * as one line and exits with code 2.
 *
 * <p>The message says what is wrong, what was got, what was expected, and where (file and line, or key).
 */
public class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}

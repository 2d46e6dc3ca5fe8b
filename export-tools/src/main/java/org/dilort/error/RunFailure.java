package org.dilort.error;

/** Something that began well and cannot go on, by no mistake of the user's. The command line exits with code 1. */
public class RunFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunFailure(String message) {
        super(message);
    }

    public RunFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

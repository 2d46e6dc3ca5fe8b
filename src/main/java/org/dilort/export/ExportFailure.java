package org.dilort.export;

import org.dilort.error.RunFailure;

/** An export that does not do what it must, or a session over one that failed: no mistake of the user's. */
public final class ExportFailure extends RunFailure {
    private static final long serialVersionUID = 1L;

    ExportFailure(String message) {
        super(message);
    }

    ExportFailure(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}

package org.dilort.train;

import org.dilort.error.RunFailure;

/** A run that began well cannot go on: training diverged, or the disk refused a write. The command line exits with 1. */
public final class RunFailedException extends RunFailure {
    private static final long serialVersionUID = 1L;

    public RunFailedException(String message) {
        super(message);
    }

    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}

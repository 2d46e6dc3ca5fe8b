package org.dilort.cli;

import org.dilort.error.UserException;

/** The command line itself is wrong. */
final class UsageException extends UserException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}

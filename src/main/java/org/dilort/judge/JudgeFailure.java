package org.dilort.judge;

import org.dilort.error.RunFailure;

/** A judge that gives no answer. */
public final class JudgeFailure extends RunFailure {
    private static final long serialVersionUID = 1L;

    JudgeFailure(String message) {
        super(message);
    }

    JudgeFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

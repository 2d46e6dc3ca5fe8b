package org.dilort.judge;

import java.math.BigDecimal;
import java.time.Duration;
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

    /** {@code 0.3 s}, {@code 60 s}. */
    static String seconds(Duration limit) {
        return BigDecimal.valueOf(limit.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}

package org.dilort.doctor;

import java.util.Locale;

/** What a remark is about; each has a section of {@code docs/doctor.md}. */
enum Topic {
    REFERENCE_DIFFERS,
    UNEXPECTED_FIRST_LOSS,
    PARAMETER_WITHOUT_GRADIENT,
    LEARNING_RATE_TOO_SMALL,
    IDENTICAL_PAIRS,
    LENGTH_BIAS,
    SATURATED_HEAD,
    EXPLODING_GRADIENT,
    ALWAYS_CLIPPED,
    COLLAPSED_POLICY,
    FALLING_CHOSEN_LOG_PROBABILITY,
    ACCURACY_AT_CHANCE,
    OVERFITTING,
    SLOW_STEPS;

    private static final String PAGE = "docs/doctor.md";

    /** In small letters, with hyphens. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Remark note(long step, String text) {
        return new Remark(step, key(), Severity.NOTE, text, page());
    }

    Remark warning(long step, String text) {
        return new Remark(step, key(), Severity.WARNING, text, page());
    }

    private String page() {
        return PAGE + "#" + key();
    }
}

package org.dilort.doctor;

import java.util.Locale;

/** Numbers as remarks show them. */
final class Numbers {
    private Numbers() {}

    /** With three significant digits. */
    static String of(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}

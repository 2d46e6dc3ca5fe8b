package org.dilort.heads;

import org.dilort.error.ConfigException;

/**
 * A number of a head's formula that the configuration may set.
 *
 * @param min smallest value allowed
 * @param max largest value allowed
 */
public record Coefficient(String name, double defaultValue, double min, double max, String meaning) {
    static final String EXP_CAP = "exp_cap";
    static final String SHIFT = "shift";

    /** Scales the log-ratio. */
    static Coefficient beta(double defaultValue) {
        return new Coefficient("beta", defaultValue, 1e-6, 1e6, "scale of the log-ratio");
    }

    /** Above it an exponential goes on as its tangent; infinity is the formula as it is. */
    static Coefficient expCap() {
        return new Coefficient(
                EXP_CAP, 30, 1, Double.POSITIVE_INFINITY, "exponent above which exp is continued linearly");
    }

    /** Moves the scaled log-ratio. */
    static Coefficient shift() {
        return new Coefficient(SHIFT, 0, -1e6, 1e6, "added to the scaled log-ratio");
    }

    /** e in the loss of a head that allows for swapped labels. */
    static Coefficient labelSmoothing(double defaultValue, double min, double max) {
        return new Coefficient("label_smoothing", defaultValue, min, max, "share of swapped labels, e");
    }

    /** Weight of a likelihood term beside the preference loss. */
    static Coefficient alpha() {
        return new Coefficient("alpha", 1, 0, 1e6, "weight of the negative log-likelihood of the chosen response");
    }

    double check(double value, String head) {
        if (!(value >= min && value <= max)) {
            throw new ConfigException(
                    "head." + name + ": got " + value + ", expected " + min + " to " + max + " (head " + head + ")");
        }
        return value;
    }
}

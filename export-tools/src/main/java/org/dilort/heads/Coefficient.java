package org.dilort.heads;

import org.dilort.error.ConfigException;

/**
 * A number of a head's formula that the configuration may set.
 *
 * @param min smallest value allowed
 * @param max largest value allowed
 */
public record Coefficient(String name, double defaultValue, double min, double max, String meaning) {

    /** Scales the log-ratio. */
    static Coefficient beta(double defaultValue) {
        return new Coefficient("beta", defaultValue, 1e-6, 1e6, "scale of the log-ratio");
    }

    /** Above it an exponential goes on as its tangent; infinity is the formula as it is. */
    static Coefficient expCap() {
        return new Coefficient(
                "exp_cap", 30, 1, Double.POSITIVE_INFINITY, "exponent above which exp is continued linearly");
    }

    double check(double value, String head) {
        if (!(value >= min && value <= max)) {
            throw new ConfigException(
                    "head." + name + ": got " + value + ", expected " + min + " to " + max + " (head " + head + ")");
        }
        return value;
    }
}

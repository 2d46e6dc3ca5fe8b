package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;

/** A number, {@code none} (without bound), or {@code auto} (whoever uses it knows the right one). */
public sealed interface NumberSetting {

    static NumberSetting auto() {
        return new Auto();
    }

    static NumberSetting none() {
        return new None();
    }

    static NumberSetting of(double value) {
        return new Value(value);
    }

    /** The number, {@code whenAuto} for auto, and positive infinity for none. */
    double orElse(double whenAuto);

    @JsonValue
    Object text();

    /** Not a number becomes NaN, which every key refuses with its own words. */
    static NumberSetting parse(String text) {
        return switch (text) {
            case "auto" -> auto();
            case "none" -> none();
            default -> of(Numbers.number(text));
        };
    }

    /** Left to the user of the key. */
    record Auto() implements NumberSetting {
        @Override
        public double orElse(double whenAuto) {
            return whenAuto;
        }

        @Override
        public String text() {
            return "auto";
        }
    }

    /** Without bound. */
    record None() implements NumberSetting {
        @Override
        public double orElse(double whenAuto) {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public String text() {
            return "none";
        }
    }

    /** A number that was given. */
    record Value(double value) implements NumberSetting {
        @Override
        public double orElse(double whenAuto) {
            return value;
        }

        @Override
        public Double text() {
            return value;
        }
    }
}

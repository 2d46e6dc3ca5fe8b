package org.dilort.config;

/**
 * A value that a configuration record refuses. The loader adds the section and the line and makes it a
 * {@link org.dilort.error.ConfigException}; whoever builds a record in code sees this one.
 */
final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String got;
    private final String expected;

    /** {@code key} is relative to the record that refuses, and empty where a value type refuses its own text. */
    InvalidValueException(String key, Object got, String expected) {
        super((key.isEmpty() ? "" : key + ": ") + "got " + got + ", expected " + expected);
        this.key = key;
        this.got = String.valueOf(got);
        this.expected = expected;
    }

    String key() {
        return key;
    }

    String got() {
        return got;
    }

    String expected() {
        return expected;
    }
}

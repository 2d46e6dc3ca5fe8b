package org.dilort.testing.reference;

import com.fasterxml.jackson.databind.JsonNode;

/** A {@code config.json}; an absent key and null are the same. */
record ReferenceConfig(JsonNode root) {

    JsonNode node(String key) {
        return root.path(key);
    }

    boolean has(String key) {
        return !root.path(key).isMissingNode() && !root.path(key).isNull();
    }

    int count(String key) {
        if (!root.path(key).isInt()) {
            throw new IllegalArgumentException("no number " + key + " in " + root);
        }
        return root.path(key).intValue();
    }

    int count(String key, int defaultValue) {
        return has(key) ? count(key) : defaultValue;
    }

    double number(String key, double defaultValue) {
        return has(key) ? root.path(key).doubleValue() : defaultValue;
    }

    boolean flag(String key, boolean defaultValue) {
        return has(key) ? root.path(key).booleanValue() : defaultValue;
    }

    String text(String key, String defaultValue) {
        return has(key) ? root.path(key).textValue() : defaultValue;
    }
}

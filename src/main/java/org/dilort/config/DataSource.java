package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One part of the training data; a plain path stands for all of it, once.
 *
 * @param path a file, a folder or a pattern
 * @param weight how often an epoch sees each of its pairs; 0.5 = every other one, chosen by the hash of its prompt
 * @param limit pairs that are taken, from the start
 */
public record DataSource(Path path, double weight, Limit limit) implements Section {
    static final String EXPECTED = "a path, or a mapping of path, weight and limit";
    private static final double MAX_WEIGHT = 1000;

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public DataSource {
        Require.check(weight > 0 && weight <= MAX_WEIGHT, "weight", weight, "a number > 0 and at most 1000");
    }

    public static DataSource of(Path path) {
        return new DataSource(path, 1, Limit.none());
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DataSource parse(String text) {
        return of(Paths.parse(text, EXPECTED));
    }

    @JsonValue
    Object written() {
        if (weight == 1 && !limit.exists()) {
            return path;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("weight", weight);
        keys.put("limit", limit);
        return keys;
    }
}

package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One part of the held-out pairs; a plain path has no name.
 *
 * @param path a file, a folder or a pattern
 * @param name under which it is measured apart from the whole, together with others of that name; empty = only as a part of the
 *     whole
 */
public record EvalSource(Path path, String name) implements Section {
    static final String EXPECTED = "a path, or a mapping of path and name";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public EvalSource {
        Require.check(
                name.isEmpty() || NAME.matcher(name).matches(),
                "name",
                name,
                "at most 64 letters, digits, dots, lines and underscores, the first a letter or a digit");
    }

    public static EvalSource of(Path path) {
        return new EvalSource(path, "");
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static EvalSource parse(String text) {
        return of(Paths.parse(text, EXPECTED));
    }

    public boolean named() {
        return !name.isEmpty();
    }

    @JsonValue
    Object written() {
        if (!named()) {
            return path;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("name", name);
        return keys;
    }
}

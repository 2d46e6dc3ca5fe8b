package org.dilort.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Paths as configuration text: kept as given, relative to the working directory. */
final class Paths {

    private Paths() {}

    static Path parse(String text, String expected) {
        Require.check(!text.isBlank(), "", text, expected);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidValueException("", text, expected);
        }
    }

    /** The same path, written so that it is none of the words that have a meaning of their own. */
    static Path apartFrom(Path path, String... words) {
        return List.of(words).contains(path.toString()) ? Path.of(".").resolve(path) : path;
    }
}

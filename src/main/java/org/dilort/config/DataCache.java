package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;

/** Whether tokenised data is kept for the next start. */
public sealed interface DataCache {

    static DataCache none() {
        return new None();
    }

    static DataCache folder(Path path) {
        return new Folder(path);
    }

    static DataCache parse(String text) {
        return text.equals("none") ? none() : folder(Paths.parse(text, "none, or a folder"));
    }

    @JsonValue
    String text();

    /** Every start reads and tokenises the data. */
    record None() implements DataCache {
        @Override
        public String text() {
            return "none";
        }
    }

    /** A file for each data set and way to prepare it. */
    record Folder(Path path) implements DataCache {
        public Folder {
            path = Paths.apartFrom(path, "none");
        }

        @Override
        public String text() {
            return path.toString();
        }
    }
}

package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;

/** The template that turns messages into text: the model's own ({@code auto}), {@code none}, or a file. */
public sealed interface ChatTemplate {

    static ChatTemplate auto() {
        return new Auto();
    }

    static ChatTemplate none() {
        return new None();
    }

    static ChatTemplate file(Path path) {
        return new TemplateFile(path);
    }

    static ChatTemplate parse(String text) {
        return switch (text) {
            case "auto" -> auto();
            case "none" -> none();
            default -> file(Paths.parse(text, "auto, none, or the path of a template file"));
        };
    }

    @JsonValue
    String text();

    /** The template of the model folder. */
    record Auto() implements ChatTemplate {
        @Override
        public String text() {
            return "auto";
        }
    }

    /** Texts are used as they are. */
    record None() implements ChatTemplate {
        @Override
        public String text() {
            return "none";
        }
    }

    /** A template of the user's own. */
    record TemplateFile(Path path) implements ChatTemplate {
        public TemplateFile {
            path = Paths.apartFrom(path, "auto", "none");
        }

        @Override
        public String text() {
            return path.toString();
        }
    }
}

package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;

/** The frozen model that the policy is compared with: its own first weights, or a model folder. */
public sealed interface ReferenceModel {

    static ReferenceModel initialPolicy() {
        return new InitialPolicy();
    }

    static ReferenceModel folder(Path path) {
        return new Folder(path);
    }

    static ReferenceModel parse(String text) {
        return text.equals("initial_policy")
                ? initialPolicy()
                : folder(Paths.parse(text, "initial_policy, or the folder of a model"));
    }

    @JsonValue
    String text();

    /** The policy as it is before the first step. */
    record InitialPolicy() implements ReferenceModel {
        @Override
        public String text() {
            return "initial_policy";
        }
    }

    /** A model of its own. */
    record Folder(Path path) implements ReferenceModel {
        public Folder {
            path = Paths.apartFrom(path, "initial_policy");
        }

        @Override
        public String text() {
            return path.toString();
        }
    }
}

package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;

/** Where adapters come from: drawn anew, or a PEFT folder that training goes on with. */
public sealed interface AdapterStart {

    static AdapterStart anew() {
        return new Anew();
    }

    static AdapterStart folder(Path path) {
        return new Folder(path);
    }

    static AdapterStart parse(String text) {
        return text.equals("new") ? anew() : folder(Paths.parse(text, "new, or the folder of a PEFT adapter"));
    }

    @JsonValue
    String text();

    /** A from the seed, B zero: the model as it is. */
    record Anew() implements AdapterStart {
        @Override
        public String text() {
            return "new";
        }
    }

    /** {@code adapter_config.json} and {@code adapter_model.safetensors}. */
    record Folder(Path path) implements AdapterStart {
        public Folder {
            path = Paths.apartFrom(path, "new");
        }

        @Override
        public String text() {
            return path.toString();
        }
    }
}

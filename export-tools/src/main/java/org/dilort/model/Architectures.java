package org.dilort.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.dilort.model.llama.Llama;

/** The model families by the {@code model_type} of their {@code config.json}. */
public final class Architectures {
    private static final Map<String, Function<ConfigJson, CausalLm>> FAMILIES = Map.of("llama", Llama::new);

    private Architectures() {}

    public static CausalLm read(Path modelFolder) {
        return of(ConfigJson.read(modelFolder));
    }

    public static CausalLm of(ConfigJson json) {
        String type = json.text("model_type", "");
        Function<ConfigJson, CausalLm> family = FAMILIES.get(type);
        if (family == null) {
            throw json.unexpected("model_type", "one of " + new TreeMap<>(FAMILIES).keySet());
        }
        return family.apply(json);
    }
}

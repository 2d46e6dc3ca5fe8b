package org.dilort.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.model.gemma2.Gemma2;
import org.dilort.model.gemma3.Gemma3;
import org.dilort.model.llama.Llama;
import org.dilort.model.mistral.Mistral;
import org.dilort.model.olmo2.Olmo2;
import org.dilort.model.phi3.Phi3;
import org.dilort.model.qwen2.Qwen2;
import org.dilort.model.qwen3.Qwen3;
import org.dilort.model.smollm3.SmolLm3;

/** The model families by the {@code model_type} of their {@code config.json}. */
public final class Architectures {
    private static final Map<String, Family> FAMILIES = Map.of(
            "gemma2", Gemma2::of,
            "gemma3_text", Gemma3::of,
            "llama", Llama::of,
            "mistral", Mistral::of,
            "olmo2", Olmo2::of,
            "phi3", Phi3::of,
            "qwen2", Qwen2::of,
            "qwen3", Qwen3::of,
            "smollm3", SmolLm3::of);

    /** Makes a family's model from its configuration. */
    private interface Family {
        CausalLm of(ConfigJson json, RunLength length);
    }

    private Architectures() {}

    /** The model of a folder for sequences of the lengths that it was pre-trained with. */
    public static CausalLm read(Path modelFolder) {
        return of(ConfigJson.read(modelFolder));
    }

    public static CausalLm of(ConfigJson json) {
        return of(json, RunLength.SHORT);
    }

    public static CausalLm of(ConfigJson json, RunLength length) {
        String type = json.text("model_type", "");
        Family family = FAMILIES.get(type);
        if (family == null) {
            throw json.unexpected("model_type", "one of " + new TreeMap<>(FAMILIES).keySet());
        }
        return family.of(json, length);
    }
}

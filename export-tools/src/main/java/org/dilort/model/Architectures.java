package org.dilort.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.model.gemma2.Gemma2;
import org.dilort.model.gemma3.Gemma3;
import org.dilort.model.gpt2.Gpt2;
import org.dilort.model.gptneox.GptNeoX;
import org.dilort.model.llama.Llama;
import org.dilort.model.mistral.Mistral;
import org.dilort.model.olmo2.Olmo2;
import org.dilort.model.phi3.Phi3;
import org.dilort.model.qwen2.Qwen2;
import org.dilort.model.qwen3.Qwen3;
import org.dilort.model.smollm3.SmolLm3;

/** The model families by the {@code model_type} of their {@code config.json}. */
public final class Architectures {
    private static final Map<String, Family> FAMILIES = Map.ofEntries(
            Map.entry("gemma2", Gemma2::of),
            Map.entry("gemma3_text", Gemma3::of),
            Map.entry("gpt2", Gpt2::of),
            Map.entry("gpt_neox", GptNeoX::of),
            Map.entry("llama", Llama::of),
            Map.entry("mistral", Mistral::of),
            Map.entry("olmo2", Olmo2::of),
            Map.entry("phi3", Phi3::of),
            Map.entry("qwen2", Qwen2::of),
            Map.entry("qwen3", Qwen3::of),
            Map.entry("smollm3", SmolLm3::of));

    /** Makes a family's model from its configuration. */
    private interface Family {
        CausalLm of(ConfigJson json, RunLength length);
    }

    private Architectures() {}

    /** The model of a folder for sequences of the lengths that it was tuned for, else of those of its pre-training. */
    public static CausalLm read(Path modelFolder) {
        return of(ConfigJson.read(modelFolder));
    }

    public static CausalLm of(ConfigJson json) {
        return of(json, RunLength.recordedIn(json));
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

package org.dilort.model.llama;

import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Linear.Bias;

/** The numbers of a Llama, from {@code config.json} as Hugging Face writes it. */
record LlamaConfig(LlamaParts.Numbers numbers, RotaryConfig rotary, Bias attentionBias, Bias mlpBias) {

    static LlamaConfig parse(ConfigJson json) {
        ModelSize size = ModelSize.read(json, 2048);
        return new LlamaConfig(
                LlamaParts.Numbers.read(json, size, Activation.read(json, "hidden_act", "silu")),
                RotaryConfig.read(json, 10000),
                Bias.of(json.flag("attention_bias", false)),
                Bias.of(json.flag("mlp_bias", false)));
    }
}

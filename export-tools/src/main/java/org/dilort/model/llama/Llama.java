package org.dilort.model.llama;

import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Rotary;

/**
 * Llama (arXiv 2302.13971, 2407.21783).
 *
 * <pre>
 * h = embed(tokens)
 * each layer: h = h + O attend(rotate(Q n), rotate(K n), V n)   with n = rmsnorm(h)
 *             h = h + down(silu(gate n) * up n)                 with n = rmsnorm(h)
 * logits = head rmsnorm(h)
 * </pre>
 */
public final class Llama {
    private Llama() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 2048);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 10000, length));
        Activation activation = Activation.read(json, "hidden_act", "silu");
        Bias attentionBias = Bias.of(json.flag("attention_bias", false));
        Bias mlpBias = Bias.of(json.flag("mlp_bias", false));
        LlamaParts parts = new LlamaParts(LlamaParts.Numbers.read(json, config.bounded(size), activation));
        Rotary rotary = Rotary.of(config);
        return parts.model(layer -> parts.block(
                layer,
                parts.attention(layer, attentionBias, attentionBias).withPositions(rotary),
                parts.mlp(layer, mlpBias)));
    }
}

package org.dilort.model.qwen3;

import java.util.List;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.Window;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Rotary;
import org.dilort.model.blocks.SelfAttention;
import org.dilort.model.llama.LlamaParts;
import org.dilort.model.qwen2.Qwen2;

/**
 * Qwen3 (arXiv 2505.09388): Llama with an RMS norm over each head's queries and keys before they are rotated; heads are
 * 128 wide whatever the model's width.
 */
public final class Qwen3 {
    private Qwen3() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 32768, 128);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 10000, length));
        Activation activation = Activation.read(json, "hidden_act", "silu");
        Bias bias = Bias.of(json.flag("attention_bias", false));
        LlamaParts parts = new LlamaParts(LlamaParts.Numbers.read(json, config.bounded(size), activation));
        Rotary rotary = Rotary.of(config);
        List<Window> windows = Qwen2.windows(json, size.layers());
        return parts.model(layer -> {
            SelfAttention attention = parts.attention(layer, bias, bias)
                    .withQueryAndKey(parts.headNorm(layer, "q_norm"), parts.headNorm(layer, "k_norm"))
                    .withPositions(rotary)
                    .withWindow(windows.get(layer));
            return parts.block(layer, attention, parts.mlp(layer, Bias.NONE));
        });
    }
}

package org.dilort.model.olmo2;

import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Heads;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.Residual;
import org.dilort.model.blocks.RmsNorm;
import org.dilort.model.blocks.Rotary;
import org.dilort.model.blocks.SeparateHeads;
import org.dilort.model.blocks.SequentialBlock;
import org.dilort.model.llama.LlamaParts;

/**
 * OLMo 2 (arXiv 2501.00656): Llama's parts with the norms behind them.
 *
 * <pre>
 * h = embed(tokens)
 * each layer: h = h + rmsnorm(O attend(rotate(rmsnorm(Q h)), rotate(rmsnorm(K h)), V h))
 *             h = h + rmsnorm(down(silu(gate h) * up h))
 * logits = head rmsnorm(h)
 * </pre>
 *
 * The norms of queries and keys are over all heads together.
 */
public final class Olmo2 {
    private final LlamaParts parts;
    private final Rotary rotary;
    private final Bias bias;

    private Olmo2(LlamaParts parts, Rotary rotary, Bias bias) {
        this.parts = parts;
        this.rotary = rotary;
        this.bias = bias;
    }

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 2048);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 10000, length));
        Activation activation = Activation.read(json, "hidden_act", "silu");
        LlamaParts.Numbers numbers = LlamaParts.Numbers.read(json, config.bounded(size), activation)
                .withNormEpsilon(json.number("rms_norm_eps", 1e-5));
        Bias bias = Bias.of(json.flag("attention_bias", false));
        Olmo2 family = new Olmo2(new LlamaParts(numbers), Rotary.of(config), bias);
        return family.parts.model(family::block);
    }

    private Part block(int layer) {
        Part attention = parts.attention(layer, heads(layer), bias).withPositions(rotary);
        Part mlp = parts.mlp(layer, Bias.NONE);
        return new SequentialBlock(
                new Residual(Part.NONE, attention, parts.norm(layer, "post_attention_layernorm")),
                new Residual(Part.NONE, mlp, parts.norm(layer, "post_feedforward_layernorm")));
    }

    private Heads heads(int layer) {
        SeparateHeads heads = parts.heads(layer, bias);
        Heads.Counts counts = heads.counts();
        return new SeparateHeads(
                counts,
                heads.query().then(norm(layer, "q_norm", counts.queryWidth())),
                heads.key().then(norm(layer, "k_norm", counts.keyValueWidth())),
                heads.value());
    }

    private Part norm(int layer, String name, int width) {
        String module = "model.layers." + layer + ".self_attn." + name;
        return new RmsNorm(module, width, parts.numbers().normEpsilon());
    }
}

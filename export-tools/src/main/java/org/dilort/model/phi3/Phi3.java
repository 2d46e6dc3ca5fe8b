package org.dilort.model.phi3;

import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.Window;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.FusedGatedMlp;
import org.dilort.model.blocks.FusedHeads;
import org.dilort.model.blocks.Heads;
import org.dilort.model.blocks.Heads.Counts;
import org.dilort.model.blocks.Linear;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.Rotary;
import org.dilort.model.blocks.SelfAttention;
import org.dilort.model.llama.LlamaParts;

/**
 * Phi-3, Phi-3.5 and Phi-4 text models (arXiv 2404.14219): a Llama whose queries, keys and values come of one projection,
 * gate and up of another; a part of each head may be rotated, all layers may be windowed.
 *
 * <pre>
 * each layer: h = h + O attend(rotate(q), rotate(k), v)   with q, k, v = QKV rmsnorm(h)
 *             h = h + down(silu(g) * u)                   with g, u = GU rmsnorm(h)
 * </pre>
 */
public final class Phi3 {
    private final LlamaParts parts;
    private final Rotary rotary;
    private final Window window;

    private Phi3(LlamaParts parts, Rotary rotary, Window window) {
        this.parts = parts;
        this.rotary = rotary;
        this.window = window;
    }

    public static CausalLm of(ConfigJson json, RunLength length) {
        ConfigJson old = json.section("rope_scaling");
        if (old.text("type", "").equals("yarn")) { // means longrope in this family's first files, YaRN everywhere else
            throw old.unexpected("type", "default or longrope");
        }
        ModelSize size = ModelSize.read(json, 4096);
        int rotated = RotaryConfig.dimensions(json, "partial_rotary_factor", size.headSize(), 1);
        RotaryConfig config =
                RotaryConfig.read(json, Basis.of(size, 10000, length).withDimensions(rotated));
        LlamaParts.Numbers numbers = LlamaParts.Numbers.read(
                        json, config.bounded(size), Activation.read(json, "hidden_act", "silu"))
                .withNormEpsilon(json.number("rms_norm_eps", 1e-5));
        Window window = json.has("sliding_window") ? new Window(json.count("sliding_window")) : Window.UNBOUNDED;
        Phi3 family = new Phi3(new LlamaParts(numbers), Rotary.of(config), window);
        return family.parts.model(family::block);
    }

    private Part block(int layer) {
        SelfAttention attention = parts.attention(layer, heads(layer), Bias.NONE)
                .withPositions(rotary)
                .withWindow(window);
        return parts.block(layer, attention, mlp(layer));
    }

    private Heads heads(int layer) {
        ModelSize size = parts.numbers().size();
        Counts counts = Counts.of(size);
        String module = "model.layers." + layer + ".self_attn.qkv_proj";
        Linear projection = Linear.of(module, size.hidden(), FusedHeads.width(counts), Bias.NONE);
        return new FusedHeads(counts, projection, FusedHeads.Order.BLOCKS);
    }

    private Part mlp(int layer) {
        int hidden = parts.numbers().size().hidden();
        int intermediate = parts.numbers().intermediate();
        String module = "model.layers." + layer + ".mlp.";
        return new FusedGatedMlp(
                Linear.of(module + "gate_up_proj", hidden, 2 * intermediate, Bias.NONE),
                Linear.of(module + "down_proj", intermediate, hidden, Bias.NONE),
                parts.numbers().activation());
    }
}

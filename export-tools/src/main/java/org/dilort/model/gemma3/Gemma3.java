package org.dilort.model.gemma3;

import java.util.List;
import org.dilort.model.Attention.Scores;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.LayerWindows;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.SoftCap;
import org.dilort.model.Window;
import org.dilort.model.blocks.Rotary;
import org.dilort.model.gemma2.GemmaParts;

/**
 * Gemma 3's text models (arXiv 2503.19786): Gemma 2's block with a norm on each head's queries and keys in place of the
 * capped scores, five windowed layers to one that sees all, and rotary settings of their own for both kinds.
 */
public final class Gemma3 {
    private final ConfigJson json;
    private final ModelSize size;
    private final RunLength length;

    private Gemma3(ConfigJson json, RunLength length) {
        this.json = json;
        this.size = ModelSize.read(json, 131_072, 256);
        this.length = length;
    }

    public static CausalLm of(ConfigJson json, RunLength length) {
        return new Gemma3(json, length).model();
    }

    private CausalLm model() {
        RotaryConfig global = global();
        Rotary everywhere = Rotary.of(global);
        Rotary nearby = Rotary.of(local());
        List<Window> windows = windows();
        GemmaParts parts = GemmaParts.read(json, global.bounded(size));
        Scores scores = new Scores(1 / Math.sqrt(json.number("query_pre_attn_scalar", 256)), SoftCap.NONE);
        return parts.model(
                layer -> parts.block(
                        layer,
                        parts.attention(layer)
                                .withQueryAndKey(parts.headNorm(layer, "q_norm"), parts.headNorm(layer, "k_norm"))
                                .withPositions(windows.get(layer).isUnbounded() ? everywhere : nearby)
                                .withScores(scores)
                                .withWindow(windows.get(layer))),
                GemmaParts.cap(json, "final_logit_softcapping", SoftCap.NONE));
    }

    private RotaryConfig global() {
        Basis basis = Basis.of(size, 1_000_000, length);
        ConfigJson now = json.section("rope_parameters").section("full_attention");
        return now.has("rope_type") ? RotaryConfig.read(json, now, basis) : RotaryConfig.read(json, basis);
    }

    private RotaryConfig local() {
        Basis basis = Basis.of(size, json.number("rope_local_base_freq", 10000), length);
        return RotaryConfig.read(json, json.section("rope_parameters").section("sliding_attention"), basis);
    }

    private List<Window> windows() {
        Window sliding = GemmaParts.window(json);
        int pattern = json.count("sliding_window_pattern", 6);
        return LayerWindows.read(json, size.layers(), sliding, layer -> (layer + 1) % pattern != 0);
    }
}

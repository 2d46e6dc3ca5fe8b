package org.dilort.model.gemma2;

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

/**
 * Gemma 2 (arXiv 2408.00118): every other layer windowed, scores and logits softly capped.
 *
 * <pre>
 * h = sqrt(hidden) embed(tokens)
 * each layer: h = h + norm(O attend(rotate(Q n), rotate(K n), V n))   with n = norm(h)
 *             h = h + norm(down(gelu(gate n) * up n))                 with n = norm(h)
 * logits = cap(head norm(h))                                          norm(x) = x / rms(x) * (1 + gain)
 * </pre>
 */
public final class Gemma2 {
    private Gemma2() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 8192, 256);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 10000, length));
        GemmaParts parts = GemmaParts.read(json, config.bounded(size));
        Rotary rotary = Rotary.of(config);
        Scores scores = new Scores(
                1 / Math.sqrt(json.number("query_pre_attn_scalar", 256)),
                GemmaParts.cap(json, "attn_logit_softcapping", new SoftCap(50)));
        List<Window> windows = windows(json, size.layers());
        return parts.model(
                layer -> parts.block(
                        layer,
                        parts.attention(layer)
                                .withPositions(rotary)
                                .withScores(scores)
                                .withWindow(windows.get(layer))),
                GemmaParts.cap(json, "final_logit_softcapping", new SoftCap(30)));
    }

    static List<Window> windows(ConfigJson json, int layers) {
        Window sliding = GemmaParts.window(json);
        return LayerWindows.read(json, layers, sliding, layer -> layer % 2 == 0);
    }
}

package org.dilort.model.smollm3;

import java.util.List;
import java.util.stream.IntStream;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.LayerWindows;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RotaryConfig.Basis;
import org.dilort.model.RunLength;
import org.dilort.model.Window;
import org.dilort.model.blocks.Activation;
import org.dilort.model.blocks.Linear.Bias;
import org.dilort.model.blocks.Part;
import org.dilort.model.blocks.Rotary;
import org.dilort.model.llama.LlamaParts;

/**
 * SmolLM3 (Hugging Face, July 2025): a Llama without rotary positions in every fourth layer (arXiv 2501.18795).
 *
 * <pre>
 * h = embed(tokens)
 * each layer: h = h + O attend(turn(Q n), turn(K n), V n)   with n = rmsnorm(h), turn = rotate or nothing
 *             h = h + down(silu(gate n) * up n)             with n = rmsnorm(h)
 * logits = head rmsnorm(h)
 * </pre>
 */
public final class SmolLm3 {
    /** Says 1 of a layer that has positions, against its name. */
    private static final String NO_ROPE = "no_rope_layers";

    private static final String WINDOW = "sliding_window";

    private SmolLm3() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 32768);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 2_000_000, length));
        Activation activation = Activation.read(json, "hidden_act", "silu");
        Bias attentionBias = Bias.of(json.flag("attention_bias", false));
        Bias mlpBias = Bias.of(json.flag("mlp_bias", false));
        LlamaParts parts = new LlamaParts(LlamaParts.Numbers.read(json, config.bounded(size), activation)
                .withTiedEmbeddings(json.flag("tie_word_embeddings", true)));
        Rotary rotary = Rotary.of(config);
        List<Boolean> rotated = rotated(json, size.layers());
        List<Window> windows = windows(json, rotated);
        return parts.model(layer -> parts.block(
                layer,
                parts.attention(layer, attentionBias, attentionBias)
                        .withPositions(rotated.get(layer) ? rotary : Part.NONE)
                        .withWindow(windows.get(layer)),
                parts.mlp(layer, mlpBias)));
    }

    /** Whether a layer has rotary positions, for each layer. */
    static List<Boolean> rotated(ConfigJson json, int layers) {
        if (!json.has(NO_ROPE)) {
            int interval = json.count("no_rope_layer_interval", 4);
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval != 0)
                    .toList();
        }
        List<Integer> listed = json.zerosAndOnes(NO_ROPE);
        if (listed.size() != layers) {
            throw json.failure(NO_ROPE, "got " + listed.size() + " numbers, expected num_hidden_layers = " + layers);
        }
        return listed.stream().map(number -> number == 1).toList();
    }

    /** Without {@code layer_types} it is the layers without positions that slide, and only if the configuration lets them. */
    static List<Window> windows(ConfigJson json, List<Boolean> rotated) {
        Window sliding = json.has(WINDOW) ? new Window(json.count(WINDOW)) : Window.UNBOUNDED;
        boolean used = json.flag("use_sliding_window", false);
        return LayerWindows.read(json, rotated.size(), sliding, layer -> used && !rotated.get(layer));
    }
}

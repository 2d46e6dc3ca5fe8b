package org.dilort.model.mistral;

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
import org.dilort.model.llama.LlamaParts;

/**
 * Mistral (arXiv 2310.06825): Llama without biases, each token seeing {@code sliding_window} tokens back at most.
 *
 * <p>Later releases set the window to null; a file without the key means the first release's.
 */
public final class Mistral {
    private static final int FIRST_RELEASES_WINDOW = 4096;

    private Mistral() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 131072);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 10000, length));
        Activation activation = Activation.read(json, "hidden_act", "silu");
        LlamaParts parts = new LlamaParts(LlamaParts.Numbers.read(json, config.bounded(size), activation));
        Rotary rotary = Rotary.of(config);
        Window window = window(json);
        return parts.model(layer -> parts.block(
                layer,
                parts.attention(layer, Bias.NONE, Bias.NONE)
                        .withPositions(rotary)
                        .withWindow(window),
                parts.mlp(layer, Bias.NONE)));
    }

    static Window window(ConfigJson json) {
        return json.isNull("sliding_window")
                ? Window.UNBOUNDED
                : new Window(json.count("sliding_window", FIRST_RELEASES_WINDOW));
    }
}

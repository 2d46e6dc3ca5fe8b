package org.dilort.model.qwen2;

import java.util.List;
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
import org.dilort.model.blocks.Rotary;
import org.dilort.model.llama.LlamaParts;

/** Qwen2 (arXiv 2407.10671) and Qwen2.5: Llama with biases on queries, keys and values, its later layers windowed if so set. */
public final class Qwen2 {
    private Qwen2() {}

    public static CausalLm of(ConfigJson json, RunLength length) {
        ModelSize size = ModelSize.read(json, 32768);
        RotaryConfig config = RotaryConfig.read(json, Basis.of(size, 10000, length));
        Activation activation = Activation.read(json, "hidden_act", "silu");
        LlamaParts parts = new LlamaParts(LlamaParts.Numbers.read(json, config.bounded(size), activation));
        Rotary rotary = Rotary.of(config);
        List<Window> windows = windows(json, size.layers());
        return parts.model(layer -> parts.block(
                layer,
                parts.attention(layer, Bias.ADDED, Bias.NONE)
                        .withPositions(rotary)
                        .withWindow(windows.get(layer)),
                parts.mlp(layer, Bias.NONE)));
    }

    /** {@code sliding_window} holds for the layers from {@code max_window_layers} on, and only with {@code use_sliding_window}. */
    public static List<Window> windows(ConfigJson json, int layers) {
        Window sliding = json.flag("use_sliding_window", false) && !json.isNull("sliding_window")
                ? new Window(json.count("sliding_window", 4096))
                : Window.UNBOUNDED;
        int first = json.countOrZero("max_window_layers", 28);
        return LayerWindows.read(json, layers, sliding, layer -> layer >= first);
    }
}

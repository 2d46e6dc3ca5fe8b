package org.dilort.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The window of each layer: as {@code layer_types} lists them, or by a family's own rule in files without that key. */
public final class LayerWindows {
    private static final String KEY = "layer_types";
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private LayerWindows() {}

    /**
     * @param sliding the window of layers that have one; unbounded if the configuration sets none
     * @param slides the family's rule, by number of the layer
     */
    public static List<Window> read(ConfigJson json, int layers, Window sliding, IntPredicate slides) {
        List<String> types = json.has(KEY) ? json.texts(KEY) : List.of();
        if (json.has(KEY) && types.size() != layers) {
            throw json.failure(KEY, "got " + types.size() + " types, expected num_hidden_layers = " + layers);
        }
        List<Window> windows = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean slid = types.isEmpty() ? slides.test(layer) : slides(json, types.get(layer), sliding);
            windows.add(slid ? sliding : Window.UNBOUNDED);
        }
        return windows;
    }

    private static boolean slides(ConfigJson json, String type, Window sliding) {
        if (type.equals(FULL)) {
            return false;
        }
        if (!type.equals(SLIDING)) {
            throw json.failure(KEY, "got \"" + type + "\", expected " + FULL + " or " + SLIDING);
        }
        if (sliding.isUnbounded()) {
            throw json.failure(
                    "sliding_window", "not set, expected a whole number >= 1 for " + KEY + " with " + SLIDING);
        }
        return true;
    }
}

package org.dilort.model.blocks;

import java.util.Arrays;
import java.util.List;
import org.dilort.model.ConfigJson;
import org.dilort.model.Layers;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The function between the matrices of a feed-forward layer. */
public enum Activation {
    /** x sigmoid(x). */
    SILU(List.of("silu", "swish")) {
        @Override
        public Value apply(Ops ops, Value x) {
            return Layers.silu(ops, x);
        }
    };

    private final List<String> names;

    Activation(List<String> names) {
        this.names = names;
    }

    public abstract Value apply(Ops ops, Value x);

    /** By the name that {@code key} gives it. */
    public static Activation read(ConfigJson json, String key, String defaultName) {
        String name = json.text(key, defaultName);
        List<String> known =
                Arrays.stream(values()).flatMap(value -> value.names.stream()).toList();
        return Arrays.stream(values())
                .filter(value -> value.names.contains(name))
                .findFirst()
                .orElseThrow(() -> json.unexpected(key, "one of " + known));
    }
}

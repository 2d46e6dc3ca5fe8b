package org.dilort.model.blocks;

import java.util.Map;
import java.util.TreeMap;
import org.dilort.model.ConfigJson;
import org.dilort.model.Layers;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The function between the matrices of a feed-forward layer. */
public enum Activation {
    /** x sigmoid(x). */
    SILU,
    GELU,
    /** GELU by way of tanh. */
    GELU_TANH;

    private static final Map<String, Activation> NAMES = Map.of(
            "silu", SILU,
            "swish", SILU,
            "gelu", GELU,
            "gelu_python", GELU,
            "gelu_new", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH);

    public Value apply(Ops ops, Value x) {
        return switch (this) {
            case SILU -> Layers.silu(ops, x);
            case GELU -> Layers.gelu(ops, x);
            case GELU_TANH -> Layers.geluTanh(ops, x);
        };
    }

    /** By the name that {@code key} gives it. */
    public static Activation read(ConfigJson json, String key, String defaultName) {
        Activation activation = NAMES.get(json.text(key, defaultName));
        if (activation == null) {
            throw json.unexpected(key, "one of " + new TreeMap<>(NAMES).keySet());
        }
        return activation;
    }
}

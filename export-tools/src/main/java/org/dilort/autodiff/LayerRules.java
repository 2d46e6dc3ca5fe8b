package org.dilort.autodiff;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** Gradients of ONNX Runtime's fused layers. */
final class LayerRules {
    private LayerRules() {}

    static void addTo(Map<String, Rule> table, Form form) {
        boolean plain = form == Form.PLAIN;
        table.put("SimplifiedLayerNormalization", plain ? LayerRules::rmsNormPlain : LayerRules::rmsNormContrib);
        table.put("LayerNormalization", plain ? LayerRules::layerNormPlain : LayerRules::layerNormContrib);
        table.put(
                "Gelu",
                plain ? LayerRules::geluPlain : b -> b.to(0, () -> b.ops().geluGrad(b.dy(), b.in(0))));
        table.put(
                "FastGelu",
                plain ? LayerRules::fastGeluPlain : b -> b.to(0, () -> b.ops().fastGeluGrad(b.dy(), b.in(0))));
        table.put("QuickGelu", plain ? LayerRules::quickGeluPlain : LayerRules::quickGeluContrib);
        table.put("RotaryEmbedding", LayerRules::rotaryEmbedding);
    }

    /**
     * y = n w with n = x r, r = 1 / rms(x). dw = dy n; with g = dy w: dx = r (g - n mean(g n)).
     */
    private static void rmsNormPlain(Backward b) {
        Ops ops = b.ops();
        Value normalised = ops.mul(b.in(0), b.out(1));
        b.to(0, () -> {
            Value g = ops.mul(b.dy(), b.in(1));
            Value mean = ops.reduceMean(ops.mul(g, normalised), -1);
            return ops.mul(ops.sub(g, ops.mul(normalised, mean)), b.out(1));
        });
        b.to(1, () -> ops.mul(b.dy(), normalised));
    }

    private static void rmsNormContrib(Backward b) {
        List<Value> gradients = b.ops().rmsNormGrad(b.dy(), b.in(0), b.in(1), b.out(1));
        b.to(0, () -> gradients.get(0)).to(1, () -> gradients.get(1));
    }

    /**
     * y = n w + c with n = (x - mean) r, r = 1 / deviation. dw = dy n, dc = dy; with g = dy w: dx = r (g - mean(g) -
     * n mean(g n)).
     */
    private static void layerNormPlain(Backward b) {
        Ops ops = b.ops();
        Value normalised = ops.mul(ops.sub(b.in(0), b.out(1)), b.out(2));
        b.to(0, () -> {
            Value g = ops.mul(b.dy(), b.in(1));
            Value along = ops.mul(normalised, ops.reduceMean(ops.mul(g, normalised), -1));
            return ops.mul(ops.sub(ops.sub(g, ops.reduceMean(g, -1)), along), b.out(2));
        });
        b.to(1, () -> ops.mul(b.dy(), normalised)).to(2, b::dy);
    }

    private static void layerNormContrib(Backward b) {
        List<Value> gradients = b.ops().layerNormGrad(b.dy(), b.in(0), b.in(1), b.out(1), b.out(2));
        b.to(0, () -> gradients.get(0)).to(1, () -> gradients.get(1)).to(2, () -> gradients.get(2));
    }

    /** y = x P with P = (1 + erf(x / sqrt 2)) / 2: dx = dy (P + x exp(-x² / 2) / sqrt(2 pi)). */
    private static void geluPlain(Backward b) {
        Ops ops = b.ops();
        Value x = b.in(0);
        b.to(0, () -> {
            Value cumulative = ops.mul(ops.add(ops.erf(ops.mul(x, Math.sqrt(0.5))), 1), 0.5);
            Value density = ops.mul(ops.exp(ops.mul(Rules.square(ops, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
            return ops.mul(b.dy(), ops.add(cumulative, ops.mul(x, density)));
        });
    }

    /**
     * y = x (1 + t) / 2 with t = tanh(u), u = k (x + c x³): dx = dy ((1 + t) / 2 + x (1 - t²) k (1 + 3 c x²) / 2).
     */
    private static void fastGeluPlain(Backward b) {
        Ops ops = b.ops();
        Value x = b.in(0);
        double k = Math.sqrt(2 / Math.PI);
        double c = 0.044715;
        b.to(0, () -> {
            Value square = Rules.square(ops, x);
            Value t = ops.tanh(ops.mul(x, ops.add(ops.mul(square, k * c), k)));
            Value slope = ops.mul(x, ops.add(ops.mul(square, 3 * k * c / 2), k / 2));
            Value changed = ops.mul(Rules.oneMinus(ops, Rules.square(ops, t)), slope);
            return ops.mul(b.dy(), ops.add(ops.mul(ops.add(t, 1), 0.5), changed));
        });
    }

    /** y = x s with s = sigmoid(a x): dx = dy s (1 + a x (1 - s)). */
    private static void quickGeluPlain(Backward b) {
        Ops ops = b.ops();
        b.to(0, () -> {
            Value scaled = ops.mul(b.in(0), alpha(b));
            Value s = ops.sigmoid(scaled);
            Value slope = ops.add(ops.mul(scaled, Rules.oneMinus(ops, s)), 1);
            return ops.mul(b.dy(), ops.mul(s, slope));
        });
    }

    private static void quickGeluContrib(Backward b) {
        b.to(0, () -> b.ops().quickGeluGrad(b.dy(), b.in(0), alpha(b)));
    }

    private static double alpha(Backward b) {
        return b.node().number("alpha", 1.702);
    }

    /** A rotation's transpose is the rotation by minus the angle. */
    private static void rotaryEmbedding(Backward b) {
        b.to(0, () -> b.ops().rotaryEmbedding(b.dy(), b.in(1), b.in(2), b.negated(b.in(3))));
    }
}

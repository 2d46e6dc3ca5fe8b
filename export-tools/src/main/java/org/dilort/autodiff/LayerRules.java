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

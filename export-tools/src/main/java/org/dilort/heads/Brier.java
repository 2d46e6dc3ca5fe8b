package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Brier score: the Bregman divergence of h(r) = 1 / (1 + r), squared error of the classifier with logit f.
 *
 * <p>loss = sigmoid(-f_w)² + sigmoid(f_l)². Bounded, and a pair that is far off either way pulls hardly at all, which
 * makes it robust to swapped labels and slow to start from a bad policy.
 */
final class Brier implements BregmanHead {

    @Override
    public String name() {
        return "brier";
    }

    @Override
    public String formula() {
        return "sigmoid(-f_w)² + sigmoid(f_l)²";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return Numerics.square(in.ops(), Numerics.sigmoid(in.ops(), in.ops().neg(f)));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return Numerics.square(in.ops(), Numerics.sigmoid(in.ops(), f));
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 2 / ((1 + Math.exp(-f)) * (1 + Math.exp(f)) * (1 + Math.exp(f)));
    }
}

package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Anchored preference optimisation, down (arXiv 2408.06266, eq. 8): lowers the chosen response and the rejected one
 * more, for data whose chosen responses are worse than the policy's own.
 *
 * <p>loss = sigmoid(f_w) + 1 - sigmoid(f_w - f_l).
 */
final class ApoDown implements Head {

    @Override
    public String name() {
        return "apo_down";
    }

    @Override
    public String formula() {
        return "sigmoid(f_w) + sigmoid(f_l - f_w)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value margin = Numerics.sigmoid(ops, ops.sub(f.rejected(), f.chosen()));
        return new HeadOutputs(ops.add(Numerics.sigmoid(ops, f.chosen()), margin), f);
    }
}

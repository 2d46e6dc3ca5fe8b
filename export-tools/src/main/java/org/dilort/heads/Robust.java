package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Provably robust DPO (arXiv 2403.00409): the estimate of {@link Dpo}'s loss on clean labels where a share e of them,
 * label_smoothing, is swapped.
 *
 * <p>With z = f_w - f_l: loss = (-(1 - e) log sigmoid(z) + e log sigmoid(-z)) / (1 - 2 e). Unbiased, hence without a
 * lower bound. e = 0 is {@link Dpo}.
 */
final class Robust implements Head {

    @Override
    public String name() {
        return "robust";
    }

    @Override
    public String formula() {
        return "(-(1 - e) log sigmoid(f_w - f_l) + e log sigmoid(f_l - f_w)) / (1 - 2 e)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.labelSmoothing(0.1, 0, 0.499));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value z = ops.sub(f.chosen(), f.rejected());
        Value smoothing = in.coefficient("label_smoothing");
        Value one = ops.scalar(smoothing, 1);
        Value clean = ops.mul(Numerics.softplus(ops, ops.neg(z)), ops.sub(one, smoothing));
        Value flipped = ops.mul(Numerics.softplus(ops, z), smoothing);
        Value scale = ops.sub(one, ops.mul(smoothing, 2));
        return new HeadOutputs(ops.div(ops.sub(clean, flipped), scale), f);
    }
}

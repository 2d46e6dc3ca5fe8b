package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Hinge loss on the difference of rewards: SLiC's calibration with a reference (arXiv 2305.10425, 2309.06657).
 *
 * <p>loss = max(0, 1 - (f_w - f_l)); the gradient at the kink is 0.
 */
final class Hinge implements Head {

    @Override
    public String name() {
        return "hinge";
    }

    @Override
    public String formula() {
        return "max(0, 1 - (f_w - f_l))";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value z = ops.sub(f.chosen(), f.rejected());
        return new HeadOutputs(Numerics.relu(ops, ops.sub(ops.scalar(z, 1), z)), f);
    }
}

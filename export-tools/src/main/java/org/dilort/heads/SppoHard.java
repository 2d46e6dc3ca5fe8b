package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Self-play preference optimisation (arXiv 2405.00675, eq. 4.7) with hard labels: the chosen response wins with
 * probability 1.
 *
 * <p>loss = (q_w - 1 / (2 beta))² + (q_l + 1 / (2 beta))².
 */
final class SppoHard implements Head {

    @Override
    public String name() {
        return "sppo_hard";
    }

    @Override
    public String formula() {
        return "(q_w - 1 / (2 beta))² + (q_l + 1 / (2 beta))²";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Sides ratio = in.logRatios();
        return new HeadOutputs(squaredErrors(in, ratio), in.scaled(ratio));
    }

    /** (q_w - t)² + (q_l + t)² with t = 1 / (2 beta). */
    static Value squaredErrors(HeadInputs in, Sides ratio) {
        Ops ops = in.ops();
        Value beta = in.coefficient("beta");
        Value target = ops.div(ops.scalar(beta, 0.5), beta);
        Value chosen = Numerics.square(ops, ops.sub(ratio.chosen(), target));
        return ops.add(chosen, Numerics.square(ops, ops.add(ratio.rejected(), target)));
    }
}

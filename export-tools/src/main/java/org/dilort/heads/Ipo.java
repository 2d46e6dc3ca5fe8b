package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Identity preference optimisation (arXiv 2310.12036): the difference of log-ratios is drawn to a margin, so that
 * certain preferences do not drive it to infinity.
 *
 * <p>loss = (q_w - q_l - 1 / (2 beta))². Over the average token by default, which its authors confirmed is what they
 * ran.
 */
final class Ipo implements Head {

    @Override
    public String name() {
        return "ipo";
    }

    @Override
    public String formula() {
        return "(q_w - q_l - 1 / (2 beta))²";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.MEAN, Reduction.SUM);
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides ratio = in.logRatios();
        Value beta = in.coefficient("beta");
        Value margin = ops.div(ops.scalar(beta, 0.5), beta);
        Value error = ops.sub(ops.sub(ratio.chosen(), ratio.rejected()), margin);
        return new HeadOutputs(Numerics.square(ops, error), in.scaled(ratio));
    }
}

package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Calibrated DPO (arXiv 2412.14516): a contrastive term and a squared error that ties each log-ratio to the reward's
 * own scale.
 *
 * <p>loss = -log sigmoid(q_w - q_l) + ((q_w - 1 / (2 beta))² + (q_l + 1 / (2 beta))²) / 2. As in its authors' code the
 * contrastive term is not scaled by beta.
 */
final class CalDpo implements Head {

    @Override
    public String name() {
        return "cal_dpo";
    }

    @Override
    public String formula() {
        return "-log sigmoid(q_w - q_l) + ((q_w - 1 / (2 beta))² + (q_l + 1 / (2 beta))²) / 2";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides ratio = in.logRatios();
        Value contrast = Numerics.softplus(ops, ops.sub(ratio.rejected(), ratio.chosen()));
        Value calibration = ops.mul(SppoHard.squaredErrors(in, ratio), 0.5);
        return new HeadOutputs(ops.add(contrast, calibration), in.scaled(ratio));
    }
}

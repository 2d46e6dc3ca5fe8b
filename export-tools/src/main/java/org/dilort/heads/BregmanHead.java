package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Direct imitation learning with one convex h (arXiv 2503.05079): the Bregman divergence of h between the density ratio
 * of chosen to reference and e^f.
 *
 * <p>l_1(f) = -h'(e^f), l_-1(f) = e^f h'(e^f) - h(e^f), and with w(f) = e^f h''(e^f) &gt;= 0 the slopes are -w and e^f
 * w: at equal f the two gradients are in the ratio e^f for every h, which therefore decides nothing but how strongly a
 * pair pulls. Constants that change no gradient are left out where the formulas say so.
 */
interface BregmanHead extends Head {

    /** l_1 of a column. */
    Value chosenLoss(HeadInputs in, Value f);

    /** l_-1 of a column. */
    Value rejectedLoss(HeadInputs in, Value f);

    /** w(f), the slope that both losses share, without any cap. */
    double weight(double f, Map<String, Double> coefficients);

    @Override
    default List<Variant> variants() {
        return List.of(Variant.values());
    }

    @Override
    default HeadOutputs build(HeadInputs in) {
        Sides rewards = in.rewards();
        Value losses = switch (in.variant()) {
            case POINTWISE -> pointwise(in, shifted(in, rewards));
            case PAIRWISE -> pairwise(in, rewards);
            case MIXTURE -> mixture(in, shifted(in, rewards), in.ops().scalar(rewards.chosen(), 0.5));
            case RELATIVE -> relative(in, shifted(in, rewards));
        };
        return new HeadOutputs(losses, rewards);
    }

    /** f with the shift. */
    static Sides shifted(HeadInputs in, Sides rewards) {
        return rewards.map(reward -> in.ops().add(reward, in.coefficient(Coefficient.SHIFT)));
    }

    private Value pointwise(HeadInputs in, Sides f) {
        return in.ops().add(chosenLoss(in, f.chosen()), rejectedLoss(in, f.rejected()));
    }

    /** The shift moves the difference: in each side's f it would cancel. */
    private Value pairwise(HeadInputs in, Sides rewards) {
        Ops ops = in.ops();
        Value difference = ops.add(ops.sub(rewards.chosen(), rewards.rejected()), in.coefficient(Coefficient.SHIFT));
        return pointwise(in, new Sides(difference, ops.neg(difference)));
    }

    private Value mixture(HeadInputs in, Sides f, Value share) {
        Ops ops = in.ops();
        Value chosenAsNegative = ops.mul(rejectedLoss(in, f.chosen()), share);
        Value rejected = ops.mul(rejectedLoss(in, f.rejected()), ops.sub(ops.scalar(share, 1), share));
        return ops.sum(chosenLoss(in, f.chosen()), chosenAsNegative, rejected);
    }

    /** g = -log(a + (1 - a) e^-f) = -log a - softplus(log((1 - a) / a) - f). */
    private Value relative(HeadInputs in, Sides f) {
        Ops ops = in.ops();
        Value share = in.coefficient(Variant.MIXTURE_WEIGHT);
        Value bound = ops.neg(ops.log(share));
        Value odds = ops.log(ops.div(ops.sub(ops.scalar(share, 1), share), share));
        Sides g = f.map(side -> ops.sub(bound, Numerics.softplus(ops, ops.sub(odds, side))));
        return mixture(in, g, share);
    }
}

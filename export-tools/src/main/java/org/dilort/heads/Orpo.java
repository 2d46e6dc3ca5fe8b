package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Odds ratio preference optimisation (arXiv 2403.07691): supervised fine-tuning with a penalty on the odds of the
 * rejected response, without a reference.
 *
 * <p>loss = NLL - beta log sigmoid(o_w - o_l) with o = p - log(1 - e^p), p the average token's log-probability. The NLL
 * is the step's average over the tokens of the chosen responses; {@link OrpoFull} counts the prompts' tokens too.
 */
final class Orpo implements Head {

    @Override
    public String name() {
        return "orpo";
    }

    @Override
    public String formula() {
        return "-beta log sigmoid(logit(e^p_w) - logit(e^p_l)) + NLL of the step's average chosen token,"
                + " p of the average token";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.MEAN);
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Sides p = in.logps();
        return new HeadOutputs(in.ops().add(in.chosenTokenNll(), oddsPenalty(in, p)), in.scaled(p));
    }

    /** -beta log sigmoid of the log of the odds ratio. */
    static Value oddsPenalty(HeadInputs in, Sides p) {
        Ops ops = in.ops();
        Sides odds = p.map(side -> ops.sub(side, Numerics.log1mexp(ops, side)));
        Value penalty = Numerics.softplus(ops, ops.sub(odds.rejected(), odds.chosen()));
        return ops.mul(penalty, in.coefficient("beta"));
    }
}

package org.dilort.heads;

import java.util.List;
import java.util.Set;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * {@link Orpo} as its authors' and TRL's trainers run it: the likelihood term is over the whole sequence, prompt and
 * chosen response.
 *
 * <p>loss of a pair = -(p_prompt + p_w) pairs / tokens - beta log sigmoid(o_w - o_l), the log-probabilities sums over
 * tokens, and tokens counted over prompts and chosen responses of the whole step.
 */
final class OrpoFull implements Head {

    @Override
    public String name() {
        return "orpo_full";
    }

    @Override
    public String formula() {
        return "-beta log sigmoid(logit(e^p_w) - logit(e^p_l)) + NLL of the step's average prompt or chosen token,"
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
    public Scope scope() {
        return Scope.STEP;
    }

    @Override
    public Set<OptionalInput> optionalInputs() {
        return Set.of(OptionalInput.PROMPT_LOGPS);
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides p = in.logps();
        Value prompts = ops.unsqueeze(in.input("prompt_logps"), 1);
        Value sums =
                ops.add(prompts, in.columns(in.input(HeadInputs.POLICY_LOGPS)).chosen());
        Value chosenTokens = in.columns(in.input(HeadInputs.LENGTHS)).chosen();
        Value counts = ops.add(ops.unsqueeze(in.input("prompt_lengths"), 1), chosenTokens);
        Value nll = ops.neg(ops.div(sums, ops.reduceMean(counts, 0)));
        return new HeadOutputs(ops.add(nll, Orpo.oddsPenalty(in, p)), in.scaled(p));
    }
}

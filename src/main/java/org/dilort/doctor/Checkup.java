package org.dilort.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.artifacts.Optimizer;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.Objective;
import org.dilort.model.CausalLm;
import org.dilort.onnx.DType;
import org.dilort.train.Schedule;
import org.dilort.train.Step;

/**
 * Which rules a run is held to.
 *
 * @param model with the parameters that are trained
 * @param products the type of its matrix products
 * @param batchPairs pairs of a step
 * @param ownReference whether the head's rewards are relative to the policy as it was before the first step
 */
public record Checkup(
        CausalLm model,
        DType products,
        Objective objective,
        Optimizer optimizer,
        Schedule schedule,
        List<TokenizedPair> pairs,
        int batchPairs,
        OwnReference ownReference) {

    /** Whether the reference is the initial policy. */
    public enum OwnReference {
        YES,
        NO
    }

    public Checkup {
        pairs = List.copyOf(pairs);
    }

    /** Rules that a run that goes on is held to as well. */
    public List<Rule> whileRunning() {
        List<Rule> rules = new ArrayList<>();
        rules.add(new LengthRule(objective, pairs));
        rules.add(new SaturationRule());
        rules.add(new CollapseRule(
                model.size().vocabulary(), PairLengths.of(pairs).chosen()));
        rules.add(new GradientNormRule());
        rules.add(new ClippingRule(optimizer.maxGradientNorm()));
        rules.add(new FallingChosenRule(
                objective.needsReference()
                        ? FallingChosenRule.Rewards.RELATIVE_TO_A_REFERENCE
                        : FallingChosenRule.Rewards.OF_THE_POLICY_ALONE));
        if (objective.needsRejected()) {
            rules.add(new AccuracyRule(schedule.warmupSteps(), batchPairs, marginAtStart()));
        }
        rules.add(new OverfittingRule());
        rules.add(new ThroughputRule());
        rules.add(new GradientFlowRule(model.parameters(), optimizer));
        return rules;
    }

    /**
     * Rules for a run that begins.
     *
     * @param checkpoint the initial policy
     * @param first the first step
     */
    public List<Rule> atBeginning(Path checkpoint, Step first) {
        List<Rule> rules = new ArrayList<>();
        rules.add(new RateResolutionRule(checkpoint, model.parameters(), optimizer, schedule.peak()));
        if (ownReference == OwnReference.NO) {
            return rules;
        }
        ReferenceRule reference = new ReferenceRule(FirstStep.of(first, products));
        rules.add(reference);
        FirstStep.loss(first, objective, products).ifPresent(loss -> rules.add(new FirstLossRule(loss, reference)));
        rules.add(new StillMarginRule(schedule.warmupSteps(), batchPairs));
        return rules;
    }

    private Movement.MarginAtStart marginAtStart() {
        return ownReference == OwnReference.YES ? Movement.MarginAtStart.ZERO : Movement.MarginAtStart.ANYTHING;
    }
}

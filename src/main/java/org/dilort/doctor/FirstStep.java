package org.dilort.doctor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dilort.artifacts.ObjectiveGraph;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.heads.Objective;
import org.dilort.heads.OptionalInput;
import org.dilort.onnx.DType;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtObjective;
import org.dilort.runtime.PairInputs;
import org.dilort.train.Step;

/**
 * What the first step of a run must give whose reference is its initial policy: the reference's log-probabilities, and
 * the loss that the run's own objective has for them.
 *
 * <p>The reference was scored in other batches than those of training, so rounding differs. A sequence of n tokens may be
 * off by sqrt(n) times what a token may be (errors of tokens are independent, and of either sign): 1e-3 nats with
 * products in float, 1e-2 in float16, 5e-2 in bfloat16. What that makes of the loss is its gradient times these.
 *
 * @param logps means over the pairs of the reference's log-probability sums, chosen and rejected; nats
 * @param tolerances how far the policy's may be from them
 */
record FirstStep(double[] logps, double[] tolerances) {
    /** Of the loss itself, relative to the greater of it and 1. */
    private static final double LOSS_ROUNDING = 1e-5;

    /** Values that no reference was asked for. */
    private static final Set<OptionalInput> POLICY_ALONE =
            Set.of(OptionalInput.COLLISION_LOGPS, OptionalInput.PROMPT_LOGPS);

    private static final String TOKEN_LOGPS =
            OptionalInput.TOKEN_LOGPS.givenByModel().get(0);

    /** How far the first step's loss may be from what is expected. */
    record ExpectedLoss(double value, double tolerance) {}

    FirstStep {
        logps = logps.clone();
        tolerances = tolerances.clone();
    }

    static FirstStep of(Step step, DType products) {
        PairInputs inputs = policyAsReference(step);
        float[] lengths = inputs.joined(ObjectiveGraph.LENGTHS);
        float[] reference = inputs.joined(TrainingGraph.POLICY_LOGPS);
        double[] logps = new double[2];
        double[] tolerances = new double[2];
        for (int i = 0; i < reference.length; i++) {
            logps[i % 2] += (double) reference[i] / inputs.pairs();
            tolerances[i % 2] += tolerance(lengths[i], products) / inputs.pairs();
        }
        return new FirstStep(logps, tolerances);
    }

    /** Nothing for heads that look at what a model alone can tell, and where the loss is not finite. */
    static Optional<ExpectedLoss> loss(Step step, Objective objective, DType products) {
        if (POLICY_ALONE.stream().anyMatch(objective::asksFor)) {
            return Optional.empty();
        }
        PairInputs inputs = policyAsReference(step);
        try (OrtObjective heads = new OrtObjective(objective)) {
            OrtObjective.Scores scores = heads.score(inputs, new float[objective.stateSize()]);
            double tolerance = LOSS_ROUNDING * Math.max(1, Math.abs(scores.loss()))
                    + reach(scores.gradients().get(TrainingGraph.POLICY_LOGPS), inputs, products)
                    + tokenReach(scores.gradients(), products);
            return Double.isFinite(scores.loss())
                    ? Optional.of(new ExpectedLoss(scores.loss(), tolerance))
                    : Optional.empty();
        }
    }

    private static PairInputs policyAsReference(Step step) {
        PairInputs inputs = new PairInputs();
        for (MicroBatch batch : step.microBatches()) {
            Map<String, float[]> scores = new HashMap<>();
            scores.put(TrainingGraph.POLICY_LOGPS, batch.referenceLogps());
            scores.put(TOKEN_LOGPS, batch.referenceTokenLogps());
            inputs.add(batch, scores);
        }
        return inputs;
    }

    private static double reach(float[] gradient, PairInputs inputs, DType products) {
        float[] lengths = inputs.joined(ObjectiveGraph.LENGTHS);
        double reach = 0;
        for (int i = 0; i < gradient.length; i++) {
            reach += Math.abs(gradient[i]) * tolerance(lengths[i], products);
        }
        return reach;
    }

    private static double tokenReach(Map<String, float[]> gradients, DType products) {
        double reach = 0;
        for (float gradient : gradients.getOrDefault(TOKEN_LOGPS, new float[0])) {
            reach += Math.abs(gradient) * tolerance(1, products);
        }
        return reach;
    }

    private static double tolerance(double tokens, DType products) {
        double perToken = switch (products) {
            case BFLOAT16 -> 5e-2;
            case FLOAT16 -> 1e-2;
            default -> 1e-3;
        };
        return perToken * Math.sqrt(tokens);
    }
}

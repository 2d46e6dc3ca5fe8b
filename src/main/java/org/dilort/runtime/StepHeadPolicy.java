package org.dilort.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.heads.Objective;

/**
 * A policy under a loss that couples the pairs of an optimizer step, exact for any micro-batching: a first pass gives the
 * log-probabilities of all pairs, the objective is differentiated once over them, and a second pass runs each micro-batch
 * with loss = sum of gradient times log-probability.
 *
 * <p>The first pass runs the same graph with zero coefficients: what it adds to the gradient is zero. What heads remember
 * from step to step moves on with the update, and is saved beside the checkpoint (see {@link HeadState}).
 */
public final class StepHeadPolicy implements TrainablePolicy {
    private final OrtPolicy policy;
    private final Objective objective;
    private final OrtObjective heads;
    private float[] state;
    private float[] nextState;

    /**
     * Takes over {@code policy}: closing this closes it.
     *
     * @param checkpointFile what the policy goes on from; where no state lies beside it the heads begin anew
     */
    public StepHeadPolicy(OrtPolicy policy, Objective objective, Path checkpointFile) {
        this.policy = policy;
        this.objective = objective;
        this.state = HeadState.read(checkpointFile, objective.stateSize());
        this.nextState = state;
        this.heads = new OrtObjective(objective);
    }

    @Override
    public StepResult accumulate(MicroBatch batch) {
        return accumulateStep(List.of(batch)).get(0);
    }

    @Override
    public List<StepResult> accumulateStep(List<MicroBatch> step) {
        PairInputs pairs = new PairInputs();
        List<Map<String, float[]>> first = new ArrayList<>();
        for (MicroBatch batch : step) {
            Map<String, float[]> outputs = policy.accumulate(batch, zeros(batch));
            first.add(outputs);
            pairs.add(batch, outputs);
        }
        OrtObjective.Scores scores = heads.score(pairs, state);
        nextState = scores.nextState();
        Slices slices = new Slices(scores);
        List<StepResult> results = new ArrayList<>();
        for (int i = 0; i < step.size(); i++) {
            results.add(second(step.get(i), first.get(i), slices));
        }
        return results;
    }

    private Map<String, float[]> zeros(MicroBatch batch) {
        Map<String, float[]> zeros = new LinkedHashMap<>();
        for (String carrier : objective.carriers()) {
            int length = switch (carrier) {
                case TrainingGraph.POLICY_LOGPS -> 2 * batch.pairs();
                case "token_logps" -> batch.targets();
                default -> batch.pairs();
            };
            zeros.put(TrainingGraph.coefficient(carrier), new float[length]);
        }
        return zeros;
    }

    private StepResult second(MicroBatch batch, Map<String, float[]> first, Slices slices) {
        Map<String, float[]> coefficients = new LinkedHashMap<>();
        for (String carrier : objective.carriers()) {
            coefficients.put(TrainingGraph.coefficient(carrier), slices.gradient(carrier, first.get(carrier).length));
        }
        float[] logps = policy.accumulate(batch, coefficients).get(TrainingGraph.POLICY_LOGPS);
        return slices.result(batch, logps);
    }

    /** Hands out the results of a step micro-batch by micro-batch. */
    private static final class Slices {
        private final OrtObjective.Scores scores;
        private final Map<String, Integer> used = new LinkedHashMap<>();
        private int pairs;

        private Slices(OrtObjective.Scores scores) {
            this.scores = scores;
        }

        private float[] gradient(String carrier, int length) {
            int from = used.getOrDefault(carrier, 0);
            used.put(carrier, from + length);
            return Arrays.copyOfRange(scores.gradients().get(carrier), from, from + length);
        }

        private StepResult result(MicroBatch batch, float[] logps) {
            int from = pairs;
            int to = pairs + batch.pairs();
            pairs = to;
            float[] losses = Arrays.copyOfRange(scores.losses(), from, to);
            float[] skipped = Arrays.copyOfRange(scores.flags().skipped(), from, to);
            double loss = 0;
            for (int i = 0; i < losses.length; i++) {
                loss += skipped[i] == 0 ? (double) losses[i] * batch.pairWeights()[i] : 0;
            }
            float[] rewards = Arrays.copyOfRange(scores.rewards(), 2 * from, 2 * to);
            float[] saturated = Arrays.copyOfRange(scores.flags().saturated(), from, to);
            return new StepResult((float) loss, losses, logps, rewards, new PairFlags(saturated, skipped));
        }
    }

    @Override
    public UpdateResult update(double learningRate) {
        UpdateResult result = policy.update(learningRate);
        if (result.applied()) {
            state = nextState;
        }
        return result;
    }

    @Override
    public void discard() {
        policy.discard();
    }

    @Override
    public void save(Path checkpointFile) {
        policy.save(checkpointFile);
        HeadState.write(checkpointFile, state);
    }

    @Override
    public void close() {
        heads.close();
        policy.close();
    }
}

package org.dilort.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.heads.HeadSpec;

/**
 * A policy under a loss that couples the pairs of an optimizer step, exact for any micro-batching: a first pass gives the
 * log-probabilities of all pairs, the head is differentiated once over them, and a second pass runs each micro-batch with
 * loss = sum of gradient times log-probability.
 *
 * <p>The first pass runs the same graph with zero coefficients: what it adds to the gradient is zero.
 */
public final class StepHeadPolicy implements TrainablePolicy {
    private final OrtPolicy policy;
    private final OrtHead head;

    /** Takes over {@code policy}: closing this closes it. */
    public StepHeadPolicy(OrtPolicy policy, HeadSpec head) {
        this.policy = policy;
        this.head = new OrtHead(head);
    }

    @Override
    public StepResult accumulate(MicroBatch batch) {
        return accumulateStep(List.of(batch)).get(0);
    }

    @Override
    public List<StepResult> accumulateStep(List<MicroBatch> step) {
        int pairs = step.stream().mapToInt(MicroBatch::pairs).sum();
        float[] logps = new float[2 * pairs];
        float[] references = new float[2 * pairs];
        float[] lengths = new float[2 * pairs];
        int at = 0;
        for (MicroBatch batch : step) {
            int size = 2 * batch.pairs();
            System.arraycopy(policy.accumulate(batch, new float[size]), 0, logps, at, size);
            System.arraycopy(batch.referenceLogps(), 0, references, at, size);
            System.arraycopy(batch.sequenceLengths(), 0, lengths, at, size);
            at += size;
        }
        OrtHead.Scores scores = head.score(logps, references, lengths);
        List<StepResult> results = new ArrayList<>();
        at = 0;
        for (MicroBatch batch : step) {
            results.add(second(batch, scores, at));
            at += 2 * batch.pairs();
        }
        return results;
    }

    private StepResult second(MicroBatch batch, OrtHead.Scores scores, int from) {
        int to = from + 2 * batch.pairs();
        float[] logps = policy.accumulate(batch, Arrays.copyOfRange(scores.gradient(), from, to));
        float[] losses = Arrays.copyOfRange(scores.losses(), from / 2, to / 2);
        double loss = 0;
        for (int i = 0; i < losses.length; i++) {
            loss += (double) losses[i] * batch.pairWeights()[i];
        }
        return new StepResult((float) loss, losses, logps, Arrays.copyOfRange(scores.rewards(), from, to));
    }

    @Override
    public UpdateResult update(double learningRate) {
        return policy.update(learningRate);
    }

    @Override
    public void save(Path checkpointFile) {
        policy.save(checkpointFile);
    }

    @Override
    public void close() {
        head.close();
        policy.close();
    }
}

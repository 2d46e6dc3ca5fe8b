package org.dilort.train;

import java.util.Arrays;
import java.util.List;
import org.dilort.runtime.MicroBatch;

/**
 * The input of one optimizer step.
 *
 * @param number 1..
 * @param epoch epochs that are done when this step is, with fraction
 * @param numTokens every token of both sequences of every pair, the prompt counted twice
 * @param computedTokens tokens that the graph runs, a trunk counted once, without padding
 */
public record Step(long number, double epoch, List<MicroBatch> microBatches, long numTokens, long computedTokens) {

    public Step {
        microBatches = List.copyOf(microBatches);
        if (number < 1) {
            throw new IllegalArgumentException("step number = " + number + ", expected 1 or more");
        }
        if (microBatches.isEmpty()) {
            throw new IllegalArgumentException("step " + number + ": no micro-batch, expected one or more");
        }
    }

    public int pairs() {
        return microBatches.stream().mapToInt(MicroBatch::pairs).sum();
    }

    /** Tokens and padding of all micro-batches. */
    long laidOutTokens() {
        return microBatches.stream().mapToLong(MicroBatch::laidOutTokens).sum();
    }

    /** False for data of chosen responses alone, where nothing can be said of a margin. */
    boolean hasRejected() {
        return microBatches.stream()
                .anyMatch(batch -> Arrays.stream(batch.targetSequences()).anyMatch(sequence -> sequence % 2 == 1));
    }
}

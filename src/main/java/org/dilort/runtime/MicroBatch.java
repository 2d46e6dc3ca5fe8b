package org.dilort.runtime;

import java.util.Arrays;

/**
 * One micro-batch in the layout of trunk and branches: the inputs of every graph of this project, in Java arrays.
 *
 * <p>A row is a sequence of documents; a document is a trunk (the prompt) and then its branches (1 chosen, 2 rejected).
 * Token-shaped arrays are row-major, {@code [rows, length]}, with zeros where padded.
 *
 * @param rows number of rows
 * @param length tokens of a row, padding included
 * @param inputIds token ids
 * @param positionIds position in the sequence; a branch goes on from the end of its trunk
 * @param documentIds 1.. within a row, 0 = padding
 * @param branchIds 0 trunk, 1 chosen, 2 rejected
 * @param targetPositions {@code [targets]}, flat index {@code row * length + column} of the hidden state that predicts
 * @param targetIds {@code [targets]}, the token to predict
 * @param targetSequences {@code [targets]}, {@code 2 * pair + (0 chosen, 1 rejected)}
 * @param pairIndices {@code [pairs]}, the number of each pair in its data set
 * @param referenceLogps {@code [pairs * 2]}, log-probability sums under the reference model, zeros where a head needs none
 * @param pairWeights {@code [pairs]}, 1 / pairs of the whole optimizer step
 * @param stepCounts {@code [2]}, pairs and scored chosen tokens of the whole optimizer step
 * @param referenceTokenLogps {@code [targets]} under the reference model, or empty where no head looks at them
 */
public record MicroBatch(
        int rows,
        int length,
        long[] inputIds,
        long[] positionIds,
        long[] documentIds,
        long[] branchIds,
        long[] targetPositions,
        long[] targetIds,
        long[] targetSequences,
        int[] pairIndices,
        float[] referenceLogps,
        float[] pairWeights,
        float[] stepCounts,
        float[] referenceTokenLogps) {

    public MicroBatch {
        int tokens = Math.multiplyExact(rows, length);
        requireLength("input_ids", inputIds.length, tokens);
        requireLength("position_ids", positionIds.length, tokens);
        requireLength("document_ids", documentIds.length, tokens);
        requireLength("branch_ids", branchIds.length, tokens);
        requireLength("target_ids", targetIds.length, targetPositions.length);
        requireLength("target_sequences", targetSequences.length, targetPositions.length);
        requireLength("reference_logps", referenceLogps.length, 2 * pairIndices.length);
        requireLength("pair_weights", pairWeights.length, pairIndices.length);
        requireLength("step_counts", stepCounts.length, 2);
        if (referenceTokenLogps.length > 0) {
            requireLength("reference_token_logps", referenceTokenLogps.length, targetPositions.length);
        }
        requireRange("target_positions", targetPositions, tokens);
        requireRange("target_sequences", targetSequences, 2L * pairIndices.length);
    }

    /** Without the reference's view of single tokens. */
    public MicroBatch(
            int rows,
            int length,
            long[] inputIds,
            long[] positionIds,
            long[] documentIds,
            long[] branchIds,
            long[] targetPositions,
            long[] targetIds,
            long[] targetSequences,
            int[] pairIndices,
            float[] referenceLogps,
            float[] pairWeights,
            float[] stepCounts) {
        this(
                rows,
                length,
                inputIds,
                positionIds,
                documentIds,
                branchIds,
                targetPositions,
                targetIds,
                targetSequences,
                pairIndices,
                referenceLogps,
                pairWeights,
                stepCounts,
                new float[0]);
    }

    public int pairs() {
        return pairIndices.length;
    }

    public int targets() {
        return targetPositions.length;
    }

    /** Scored tokens of each sequence, {@code [pairs * 2]}. */
    float[] sequenceLengths() {
        float[] lengths = new float[2 * pairs()];
        for (long sequence : targetSequences) {
            lengths[(int) sequence]++;
        }
        return lengths;
    }

    /** Tokens that are not padding. */
    public int computedTokens() {
        return (int) Arrays.stream(documentIds).filter(document -> document > 0).count();
    }

    /** Rows times length. */
    public long laidOutTokens() {
        return (long) rows * length;
    }

    private static void requireLength(String name, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException(name + ": length " + actual + ", expected " + expected);
        }
    }

    private static void requireRange(String name, long[] values, long bound) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= bound) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] = " + values[i] + ", expected 0 to " + (bound - 1));
            }
        }
    }
}

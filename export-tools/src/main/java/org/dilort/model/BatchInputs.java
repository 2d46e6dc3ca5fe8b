package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Value;

/**
 * The inputs of the graphs that read documents: tokens, who sees whom, and which tokens are scored for which sequence.
 *
 * <p>One contract for every layout: a plain sequence is a document with one branch.
 */
public record BatchInputs(
        Value inputIds,
        Value positionIds,
        Value documentIds,
        Value branchIds,
        Value targetPositions,
        Value targetIds,
        Value targetSequences,
        Value referenceLogps,
        Value pairWeights,
        Value stepCounts) {
    public static final String INPUT_IDS = "input_ids";
    public static final String POSITION_IDS = "position_ids";
    public static final String DOCUMENT_IDS = "document_ids";
    public static final String BRANCH_IDS = "branch_ids";
    public static final String TARGET_POSITIONS = "target_positions";
    public static final String TARGET_IDS = "target_ids";
    public static final String TARGET_SEQUENCES = "target_sequences";
    public static final String REFERENCE_LOGPS = "reference_logps";
    public static final String PAIR_WEIGHTS = "pair_weights";
    public static final String STEP_COUNTS = "step_counts";

    private static final Dim ROWS = Dim.of("rows");
    private static final Dim LENGTH = Dim.of("length");
    private static final Dim TARGETS = Dim.of("targets");
    private static final Dim PAIRS = Dim.of("pairs");

    public static BatchInputs declare(GraphBuilder graph, DType compute) {
        return new BatchInputs(
                graph.input(INPUT_IDS, DType.INT64, ROWS, LENGTH),
                graph.input(POSITION_IDS, DType.INT64, ROWS, LENGTH),
                graph.input(DOCUMENT_IDS, DType.INT64, ROWS, LENGTH),
                graph.input(BRANCH_IDS, DType.INT64, ROWS, LENGTH),
                graph.input(TARGET_POSITIONS, DType.INT64, TARGETS),
                graph.input(TARGET_IDS, DType.INT64, TARGETS),
                graph.input(TARGET_SEQUENCES, DType.INT64, TARGETS),
                graph.input(REFERENCE_LOGPS, compute, PAIRS, Dim.of(2)),
                graph.input(PAIR_WEIGHTS, compute, PAIRS),
                graph.input(STEP_COUNTS, compute, Dim.of(2)));
    }

    /** Chosen and rejected sequences: twice the pairs. */
    public Dim sequences() {
        return PAIRS.times(Dim.of(2));
    }

    public Dim pairs() {
        return PAIRS;
    }
}

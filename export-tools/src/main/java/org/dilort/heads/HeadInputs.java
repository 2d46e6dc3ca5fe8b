package org.dilort.heads;

import java.util.Map;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/** The inputs of one head's graph as columns {@code [pairs, 1]}, with its coefficients as named constants. */
public final class HeadInputs {
    static final String POLICY_LOGPS = "policy_logps";
    static final String REFERENCE_LOGPS = "reference_logps";
    static final String LENGTHS = "lengths";
    static final String STEP_COUNTS = "step_counts";

    private static final int CHOSEN = 0;
    private static final int REJECTED = 1;
    private static final Dim PAIRS = Dim.of("pairs");

    private final Ops ops;
    private final Reduction reduction;
    private final Map<String, Value> coefficients;
    private final Value policyLogps;
    private final Value referenceLogps;
    private final Value lengths;
    private final Value stepCounts;

    HeadInputs(GraphBuilder graph, DType dtype, Reduction reduction, Map<String, Double> coefficients) {
        this.ops = new Ops(graph);
        this.reduction = reduction;
        this.policyLogps = graph.input(POLICY_LOGPS, dtype, PAIRS, Dim.of(2));
        this.referenceLogps = graph.input(REFERENCE_LOGPS, dtype, PAIRS, Dim.of(2));
        this.lengths = graph.input(LENGTHS, dtype, PAIRS, Dim.of(2));
        this.stepCounts = graph.input(STEP_COUNTS, dtype, Dim.of(2));
        Map<String, Value> constants = new java.util.HashMap<>();
        coefficients.forEach((name, value) -> constants.put(name, graph.constant(name, Tensor.scalar(dtype, value))));
        this.coefficients = Map.copyOf(constants);
    }

    public Ops ops() {
        return ops;
    }

    public Value coefficient(String name) {
        Value value = coefficients.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the head declares no coefficient " + name);
        }
        return value;
    }

    /** f of the chosen responses: beta times the log-ratio, summed or averaged over tokens. */
    public Value chosenLogRatio() {
        return logRatio(CHOSEN);
    }

    /** f of the rejected responses. */
    public Value rejectedLogRatio() {
        return logRatio(REJECTED);
    }

    /** Log-probability sums of the chosen responses under the policy. */
    public Value chosenLogps() {
        return column(policyLogps, CHOSEN);
    }

    /** Log-probability sums of the rejected responses under the policy. */
    public Value rejectedLogps() {
        return column(policyLogps, REJECTED);
    }

    /** Pairs of the whole optimizer step, a scalar of shape {@code [1]}. */
    public Value stepPairs() {
        return ops.slice(stepCounts, 0, 0, 1);
    }

    /** Scored chosen tokens of the whole optimizer step, a scalar of shape {@code [1]}. */
    public Value stepChosenTokens() {
        return ops.slice(stepCounts, 0, 1, 2);
    }

    private Value logRatio(int side) {
        Value difference = ops.sub(column(policyLogps, side), column(referenceLogps, side));
        Value reduced = reduction == Reduction.MEAN ? ops.div(difference, column(lengths, side)) : difference;
        return ops.mul(reduced, coefficient("beta"));
    }

    private Value column(Value pairs, int side) {
        return ops.slice(pairs, 1, side, side + 1L);
    }
}

package org.dilort.heads;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    static final Dim PAIRS = Dim.of("pairs");

    private final Ops ops;
    private final HeadSpec spec;
    private final Map<String, Value> coefficients = new HashMap<>();
    private final Map<String, Value> inputs = new HashMap<>();
    private final List<Value> saturations = new ArrayList<>();

    HeadInputs(GraphBuilder graph, DType dtype, HeadSpec spec) {
        this.ops = new Ops(graph);
        this.spec = spec;
        declare(graph.input(POLICY_LOGPS, dtype, PAIRS, Dim.of(2)));
        if (spec.head().needsReference()) {
            declare(graph.input(REFERENCE_LOGPS, dtype, PAIRS, Dim.of(2)));
        }
        declare(graph.input(LENGTHS, dtype, PAIRS, Dim.of(2)));
        declare(graph.input(STEP_COUNTS, dtype, Dim.of(2)));
        for (OptionalInput input : OptionalInput.values()) {
            if (spec.head().optionalInputs().contains(input)) {
                input.declare(graph, dtype).forEach(this::declare);
            }
        }
        spec.coefficients()
                .forEach((name, value) -> coefficients.put(name, graph.constant(name, Tensor.scalar(dtype, value))));
    }

    /** Declares every input that any head may have, by name. */
    static Map<String, Value> declareAll(GraphBuilder graph, DType dtype) {
        Map<String, Value> all = new LinkedHashMap<>();
        all.put(POLICY_LOGPS, graph.input(POLICY_LOGPS, dtype, PAIRS, Dim.of(2)));
        all.put(REFERENCE_LOGPS, graph.input(REFERENCE_LOGPS, dtype, PAIRS, Dim.of(2)));
        all.put(LENGTHS, graph.input(LENGTHS, dtype, PAIRS, Dim.of(2)));
        all.put(STEP_COUNTS, graph.input(STEP_COUNTS, dtype, Dim.of(2)));
        for (OptionalInput input : OptionalInput.values()) {
            input.declare(graph, dtype).forEach(value -> all.put(value.name(), value));
        }
        return all;
    }

    private void declare(Value input) {
        inputs.put(input.name(), input);
    }

    public Ops ops() {
        return ops;
    }

    Variant variant() {
        return spec.variant();
    }

    public Value coefficient(String name) {
        Value value = coefficients.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the head declares no coefficient " + name);
        }
        return value;
    }

    /** A coefficient's number, for formulas that change their form at a value. */
    double number(String name) {
        return spec.coefficients().get(name);
    }

    /** f: beta times the log-ratio. */
    public Sides rewards() {
        return scaled(logRatios());
    }

    /** q: log-ratio of policy to reference, summed or averaged over tokens. */
    public Sides logRatios() {
        return logRatios(input(POLICY_LOGPS));
    }

    /** p: the policy's log-probabilities, summed or averaged over tokens. */
    public Sides logps() {
        return reduced(columns(input(POLICY_LOGPS)));
    }

    /** The reference's log-probabilities, summed or averaged over tokens. */
    public Sides referenceLogps() {
        return reduced(columns(input(REFERENCE_LOGPS)));
    }

    /** The policy's log-probability of a response's average token, whatever the reduction. */
    public Sides meanLogps() {
        return perToken(columns(input(POLICY_LOGPS)));
    }

    /** f through which no gradient flows, for heads with {@link OptionalInput#DETACHED_LOGPS}. */
    Sides detachedRewards() {
        return scaled(logRatios(input("detached_logps")));
    }

    /** Beta times {@code values}. */
    Sides scaled(Sides values) {
        return values.map(value -> ops.mul(value, coefficient("beta")));
    }

    /** Sums over tokens divided by the number of tokens. */
    Sides perToken(Sides sums) {
        Sides counts = columns(input(LENGTHS));
        return new Sides(ops.div(sums.chosen(), counts.chosen()), ops.div(sums.rejected(), counts.rejected()));
    }

    /** Sums over tokens as the head's reduction reads them. */
    Sides reduced(Sides sums) {
        return spec.reduction() == Reduction.MEAN ? perToken(sums) : sums;
    }

    /** A pair's share of the negative log-likelihood of the step's average chosen token, times the step's pairs. */
    Value chosenTokenNll() {
        Value stepCounts = input(STEP_COUNTS);
        Value scale = ops.div(ops.slice(stepCounts, 0, 0, 1), ops.slice(stepCounts, 0, 1, 2)); // [1]
        return ops.neg(ops.mul(columns(input(POLICY_LOGPS)).chosen(), scale));
    }

    /** An input of the head's graph, by name. */
    Value input(String name) {
        Value value = inputs.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the head does not ask for the input " + name);
        }
        return value;
    }

    /** The sides of a {@code [pairs, 2]}. */
    Sides columns(Value pairs) {
        return new Sides(ops.slice(pairs, 1, 0, 1), ops.slice(pairs, 1, 1, 2));
    }

    /** e^x, above the head's cap its tangent; a pair with an exponent above the cap is counted as saturated. */
    public Value exp(Value x) {
        Value cap = coefficient(Coefficient.EXP_CAP);
        saturations.add(ops.greater(x, cap));
        return Numerics.expLin(ops, x, cap);
    }

    /** e^x - 1 without cancellation, above the head's cap its tangent. */
    public Value expm1(Value x) {
        Value cap = coefficient(Coefficient.EXP_CAP);
        saturations.add(ops.greater(x, cap));
        return Numerics.expm1Lin(ops, x, cap);
    }

    /** Counts a pair as saturated where its flag {@code [pairs, 1]} is 1. */
    void countSaturated(Value flags) {
        saturations.add(ops.greater(flags, ops.scalar(flags, 0.5)));
    }

    /** 1 for a pair with an exponent above the cap, else 0: {@code [pairs, 1]}, of a head that caps. */
    Optional<Value> saturated() {
        return saturations.stream()
                .reduce(ops::or)
                .map(any -> ops.cast(any, input(POLICY_LOGPS).dtype()));
    }

    private Sides logRatios(Value policy) {
        Sides theta = columns(policy);
        Sides fixed = columns(input(REFERENCE_LOGPS));
        return reduced(new Sides(ops.sub(theta.chosen(), fixed.chosen()), ops.sub(theta.rejected(), fixed.rejected())));
    }
}

package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Value;

/** What a head may ask for besides the inputs that every head gets. */
public enum OptionalInput {
    /** {@code detached_logps [pairs, 2]}: the numbers of policy_logps, through which no gradient flows. */
    DETACHED_LOGPS,
    /**
     * {@code token_logps} and {@code reference_token_logps [targets]}, {@code target_sequences [targets]} (int64, 2
     * pair + side); the targets of a response are consecutive and in its order.
     */
    TOKEN_LOGPS,
    /**
     * {@code collision_logps [pairs, 2]}: sums over response tokens of log sum_v p(v)², the log-probability that two
     * draws of the policy agree; no gradient.
     */
    COLLISION_LOGPS,
    /** {@code prompt_logps} and {@code prompt_lengths [pairs]}: sums over prompt tokens, and their number. */
    PROMPT_LOGPS,
    /** {@code state [2]}: what the head's output next_state was at the step before, zeros at first. */
    STATE;

    /** Names of the graph inputs that this brings. */
    public List<String> names() {
        return switch (this) {
            case DETACHED_LOGPS -> List.of("detached_logps");
            case TOKEN_LOGPS -> List.of("token_logps", "reference_token_logps", "target_sequences");
            case COLLISION_LOGPS -> List.of("collision_logps");
            case PROMPT_LOGPS -> List.of("prompt_logps", "prompt_lengths");
            case STATE -> List.of("state");
        };
    }

    /** Those of the names whose values a model computes for a batch. */
    public List<String> givenByModel() {
        return switch (this) {
            case TOKEN_LOGPS -> List.of("token_logps");
            case COLLISION_LOGPS, PROMPT_LOGPS -> names();
            case DETACHED_LOGPS, STATE -> List.of();
        };
    }

    /** Those of the names through which a gradient flows back into the model. */
    public List<String> carriers() {
        return switch (this) {
            case TOKEN_LOGPS -> List.of("token_logps");
            case PROMPT_LOGPS -> List.of("prompt_logps");
            case DETACHED_LOGPS, COLLISION_LOGPS, STATE -> List.of();
        };
    }

    /** Declares the inputs, in the order of {@link #names}. */
    public List<Value> declare(GraphBuilder graph, DType dtype) {
        return names().stream()
                .map(name -> graph.input(name, name.equals("target_sequences") ? DType.INT64 : dtype, dims()))
                .toList();
    }

    private Dim[] dims() {
        return switch (this) {
            case DETACHED_LOGPS, COLLISION_LOGPS -> new Dim[] {HeadInputs.PAIRS, Dim.of(2)};
            case TOKEN_LOGPS -> new Dim[] {Dim.of("targets")};
            case PROMPT_LOGPS -> new Dim[] {HeadInputs.PAIRS};
            case STATE -> new Dim[] {Dim.of(2)};
        };
    }
}

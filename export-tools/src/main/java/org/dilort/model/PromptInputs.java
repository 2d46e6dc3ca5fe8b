package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Value;

/**
 * The inputs of graphs that also score prompts: every token of a trunk but its first, which nothing predicts. All int64
 * {@code [prompt_targets]}.
 *
 * @param positions flat index row * length + column of the hidden state that predicts
 * @param ids the token to predict
 * @param pairs which pair it counts for
 */
public record PromptInputs(Value positions, Value ids, Value pairs) {
    public static final String PROMPT_POSITIONS = "prompt_positions";
    public static final String PROMPT_IDS = "prompt_ids";
    public static final String PROMPT_PAIRS = "prompt_pairs";
    private static final Dim TARGETS = Dim.of("prompt_targets");

    public static PromptInputs declare(GraphBuilder graph) {
        return new PromptInputs(
                graph.input(PROMPT_POSITIONS, DType.INT64, TARGETS),
                graph.input(PROMPT_IDS, DType.INT64, TARGETS),
                graph.input(PROMPT_PAIRS, DType.INT64, TARGETS));
    }
}

package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Reduction;
import org.dilort.model.Architectures;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.testing.Array;
import org.dilort.testing.Configs;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every gradient of tiny models with everything that the goldens lack, by finite differences in double. */
class FamilyGraphTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);
    private static final double STEP = 1e-5;

    /** Biases everywhere, heads wider than the model, one key-value head for two, an epsilon that shows. */
    private static final String BIASED = """
            {"model_type": "llama", "vocab_size": 7, "hidden_size": 6, "intermediate_size": 5, "num_hidden_layers": 2,
             "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4, "attention_bias": true,
             "mlp_bias": true, "rms_norm_eps": 1e-3, "rope_theta": 50}
            """;

    private static final String SCALED = """
            {"model_type": "llama", "vocab_size": 7, "hidden_size": 4, "intermediate_size": 5, "num_hidden_layers": 1,
             "num_attention_heads": 2, "tie_word_embeddings": true, "rope_parameters": {"rope_type": "llama3",
             "rope_theta": 20, "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
             "original_max_position_embeddings": 16}}
            """;

    /** Windows of two tokens in the second layer only, norms and biases on all projections. */
    private static final String WINDOWED = """
            {"model_type": "qwen3", "vocab_size": 7, "hidden_size": 6, "intermediate_size": 5, "num_hidden_layers": 2,
             "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 4, "attention_bias": true,
             "use_sliding_window": true, "sliding_window": 2, "max_window_layers": 1, "rope_theta": 50,
             "tie_word_embeddings": true}
            """;

    /** One half after the other, no biases on the attention, half of each head rotated and by YaRN. */
    private static final String SEQUENTIAL = """
            {"model_type": "gpt_neox", "vocab_size": 7, "hidden_size": 8, "intermediate_size": 5, "num_hidden_layers": 2,
             "num_attention_heads": 1, "attention_bias": false, "use_parallel_residual": false, "rotary_pct": 0.5,
             "hidden_act": "gelu_new", "tie_word_embeddings": true, "layer_norm_eps": 1e-3,
             "rope_scaling": {"rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 16}}
            """;

    /** A projection of its own, scores scaled by the layer only, the exact GELU, a narrow feed-forward layer. */
    private static final String UNTIED = """
            {"model_type": "gpt2", "vocab_size": 7, "n_embd": 6, "n_inner": 5, "n_layer": 2, "n_head": 2,
             "n_positions": 4, "tie_word_embeddings": false, "scale_attn_weights": false,
             "scale_attn_by_inverse_layer_idx": true, "activation_function": "gelu", "layer_norm_epsilon": 1e-3}
            """;

    private static CausalLm model(String config) {
        return Architectures.of(Configs.of(config));
    }

    /**
     * Two pairs in one row of 10: trunk 3 4 with branches 5 and 6 1, trunk 2 with branches 0 3 and 4, and one padded
     * token. The last trunk token predicts the first token of both branches.
     */
    private static Map<String, Array> batch() {
        Map<String, Array> batch = new LinkedHashMap<>();
        batch.put(BatchInputs.INPUT_IDS, row(3, 4, 5, 6, 1, 2, 0, 3, 4, 0));
        batch.put(BatchInputs.POSITION_IDS, row(0, 1, 2, 2, 3, 0, 1, 2, 1, 0));
        batch.put(BatchInputs.DOCUMENT_IDS, row(1, 1, 1, 1, 1, 2, 2, 2, 2, 0));
        batch.put(BatchInputs.BRANCH_IDS, row(0, 0, 1, 2, 2, 0, 1, 1, 2, 0));
        batch.put(BatchInputs.TARGET_POSITIONS, Array.vector(1, 1, 3, 5, 6, 5));
        batch.put(BatchInputs.TARGET_IDS, Array.vector(5, 6, 1, 0, 3, 4));
        batch.put(BatchInputs.TARGET_SEQUENCES, Array.vector(0, 1, 1, 2, 2, 3));
        batch.put(BatchInputs.REFERENCE_LOGPS, Array.of(new long[] {2, 2}, -1.5, -3.5, -4, -2));
        batch.put(BatchInputs.PAIR_WEIGHTS, Array.vector(0.25, 0.25));
        batch.put(BatchInputs.STEP_COUNTS, Array.vector(4, 7));
        return batch;
    }

    private static Array row(double... values) {
        return new Array(new long[] {1, values.length}, values);
    }

    private static Map<String, Array> weights(CausalLm model) {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Array> weights = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            weights.put(
                    parameter.name(),
                    Array.random(random, -0.8, 0.8, parameter.shape().toArray()));
        }
        return weights;
    }

    private static GraphRunner runner(CausalLm model, HeadSpec head, DType compute, Chunks chunks) {
        GraphOptions options = new GraphOptions(compute, Form.PLAIN, chunks, 16);
        return new GraphRunner(TrainingGraph.withGradientOutputs(model, Objective.of(head), options));
    }

    @ParameterizedTest
    @CsvSource({"lsif, SUM", "lsif, MEAN", "sft, SUM"})
    void everyGradientIsThatOfFiniteDifferences(String head, Reduction reduction) {
        CausalLm model = model(BIASED);
        checkAllGradients(model, new HeadSpec(Heads.named(head), reduction, Map.of()), new Chunks(4, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {WINDOWED, SEQUENTIAL, UNTIED})
    void otherFamiliesGradientsAreThoseOfFiniteDifferences(String config) {
        checkAllGradients(model(config), HeadSpec.of("lsif"), new Chunks(4, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ukl", "sft"})
    void tiedEmbeddingsAddUpBothUses(String head) {
        checkAllGradients(model(SCALED), HeadSpec.of(head), Chunks.WHOLE);
    }

    private static void checkAllGradients(CausalLm model, HeadSpec head, Chunks chunks) {
        Map<String, Array> inputs = new LinkedHashMap<>(batch());
        inputs.putAll(weights(model));
        try (GraphRunner runner = runner(model, head, DType.DOUBLE, chunks)) {
            Map<String, Array> analytic = runner.run(inputs);
            for (Parameter parameter : model.parameters()) {
                String name = parameter.name();
                double[] actual = analytic.get(StateNames.gradient(name)).values();
                double norm = 0;
                for (int i = 0; i < actual.length; i++) {
                    double expected =
                            (loss(runner, inputs, name, i, STEP) - loss(runner, inputs, name, i, -STEP)) / (2 * STEP);
                    norm = Math.max(norm, Math.abs(expected));
                    assertThat(actual[i])
                            .as("%s[%d], seed %d", name, i, SEED)
                            .isCloseTo(expected, Offset.offset(1e-6 * Math.max(Math.abs(expected), 0.01)));
                }
                assertThat(norm)
                        .as("largest gradient of %s, seed %d", name, SEED)
                        .isPositive();
            }
        }
    }

    private static double loss(GraphRunner runner, Map<String, Array> inputs, String name, int index, double step) {
        Array array = inputs.get(name);
        Map<String, Array> moved = new LinkedHashMap<>(inputs);
        moved.put(name, array.withValue(index, array.values()[index] + step));
        return runner.run(moved).get(TrainingGraph.LOSS).values()[0];
    }

    /** Float takes other operators, fused ones, to the same numbers. */
    @ParameterizedTest
    @ValueSource(strings = {BIASED, SCALED, WINDOWED, SEQUENTIAL, UNTIED})
    void floatGraphFollowsTheDoubleOne(String config) {
        CausalLm model = model(config);
        HeadSpec head = HeadSpec.of("lsif");
        Map<String, Array> inputs = new LinkedHashMap<>(batch());
        inputs.putAll(weights(model));
        try (GraphRunner doubles = runner(model, head, DType.DOUBLE, Chunks.WHOLE);
                GraphRunner floats = runner(model, head, DType.FLOAT, new Chunks(2, 3))) {
            Map<String, Array> actual = floats.run(inputs);
            doubles.run(inputs).forEach((name, expected) -> {
                double largest = java.util.Arrays.stream(expected.values())
                        .map(Math::abs)
                        .max()
                        .orElseThrow();
                assertThat(actual.get(name).values())
                        .as("%s, seed %d", name, SEED)
                        .containsExactly(expected.values(), Offset.offset(1e-5 * Math.max(largest, 0.01)));
            });
        }
    }
}

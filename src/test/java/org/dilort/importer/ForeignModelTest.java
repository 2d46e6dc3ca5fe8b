package org.dilort.importer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.runtime.OrtNatives;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the ways of other exporters compute what ONNX Runtime computes from them, with the model's own gradients. */
class ForeignModelTest {
    private static final String GRADIENT = ".gradient";

    @TempDir
    private Path temp;

    private GoldenModel golden;

    @BeforeEach
    void load() {
        golden = GoldenModel.load(LlamaDrafts.GOLDEN);
    }

    private Path draft(String kind) {
        Path file = temp.resolve("decoder.onnx");
        return switch (kind) {
            case "fused" -> LlamaDrafts.fused(file, LlamaDrafts.Rotary.IN_ATTENTION);
            case "fused, rotary apart" -> LlamaDrafts.fused(file, LlamaDrafts.Rotary.BEFORE_ATTENTION);
            default -> LlamaDrafts.traced(file);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"fused", "fused, rotary apart", "traced"})
    void trainsAsTheModelThatItCameFrom(String kind) {
        ImportedModel model = ImportedModel.read(draft(kind));

        Map<String, Array> own = run(golden.model(), golden.weights());
        Map<String, Array> read = run(model, weights(model));

        assertThat(model.readsDocuments()).isEqualTo(kind.startsWith("fused"));
        assertThat(model.size().vocabulary()).isEqualTo(97);
        assertThat(model.parameters()).hasSameSizeAs(golden.model().parameters());
        double[] expected = golden.numbers("/sequence_logps");
        double[] actual = read.get(TrainingGraph.POLICY_LOGPS).values();
        for (int row = 0; row < expected.length; row++) {
            int pairs = golden.pairs();
            assertThat(actual[2 * (row % pairs) + row / pairs])
                    .as("row %d", row)
                    .isCloseTo(expected[row], Offset.offset(2e-5 * golden.responseLength(row)));
        }
        for (Parameter parameter : model.parameters()) {
            Array gradient = read.get(parameter.name() + GRADIENT);
            Array same = own.get(original(parameter.name()) + GRADIENT);
            double[] aligned = parameter.name().equals(original(parameter.name())) ? same.values() : transposed(same);
            double norm = Math.sqrt(Arrays.stream(aligned).map(x -> x * x).sum());
            assertThat(norm).as(parameter.name()).isPositive();
            assertThat(gradient.values()).as(parameter.name()).containsExactly(aligned, Offset.offset(1e-5 * norm));
        }
    }

    private static String original(String name) {
        return name.replace(".MatMul.weight", ".weight");
    }

    private static double[] transposed(Array matrix) {
        int rows = (int) matrix.shape()[0];
        int columns = (int) matrix.shape()[1];
        double[] values = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[j * rows + i] = matrix.values()[i * columns + j];
            }
        }
        return values;
    }

    private static Map<String, Array> weights(ImportedModel model) {
        Map<String, Array> weights = new TreeMap<>();
        try (OnnxWeights source = model.openWeights()) {
            for (Parameter parameter : model.parameters()) {
                float[] floats = source.toArray(parameter.name());
                double[] values = new double[floats.length];
                for (int i = 0; i < floats.length; i++) {
                    values[i] = floats[i];
                }
                weights.put(parameter.name(), new Array(parameter.shape().toArray(), values));
            }
        }
        return weights;
    }

    private Map<String, Array> run(CausalLm model, Map<String, Array> weights) {
        GraphOptions options = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);
        Map<String, Array> inputs = new TreeMap<>(golden.plainBatch());
        inputs.putAll(weights);
        return GraphRunner.run(
                TrainingGraph.withGradientOutputs(model, Objective.of(HeadSpec.of("sft")), options), inputs);
    }

    /** ONNX Runtime's own attention says what the attributes mean: windows, caps, scales, and one input for all three. */
    @ParameterizedTest
    @CsvSource({"-1, 0, 0, false", "3, 0, 0, false", "1, 0, 0.5, true", "4, 2, 0, true", "-1, 1.5, 0.7, false"})
    void fusedAttentionMeansWhatOnnxRuntimeDoes(int window, double softcap, double scale, boolean packed)
            throws OrtException {
        Path file = attentionAlone(temp.resolve("decoder.onnx"), window, softcap, scale, packed);
        ImportedModel model = ImportedModel.read(file);
        double[] actual =
                run(model, weights(model)).get(TrainingGraph.POLICY_LOGPS).values();

        for (int row = 0; row < 2 * golden.pairs(); row++) {
            int pairs = golden.pairs();
            assertThat(actual[2 * (row % pairs) + row / pairs])
                    .as("row %d", row)
                    .isCloseTo(served(file, row), Offset.offset(2e-5 * golden.responseLength(row)));
        }
    }

    /** Embeddings of 16, two heads and one key-value head of 8, logits; weights drawn from a fixed seed. */
    private static Path attentionAlone(Path file, int window, double softcap, double scale, boolean packed) {
        SplittableRandom random = new SplittableRandom(3);
        OnnxDraft draft = new OnnxDraft(21);
        draft.input("input_ids", DType.INT64, "batch_size", "sequence_length");
        draft.input("attention_mask", DType.INT64, "batch_size", "total_sequence_length");
        draft.input("past_key_values.0.key", DType.FLOAT, "batch_size", 1, "past_sequence_length", 8);
        draft.input("past_key_values.0.value", DType.FLOAT, "batch_size", 1, "past_sequence_length", 8);
        draft.output("logits", DType.FLOAT, "batch_size", "sequence_length", 97);
        String x = draft.node("Gather", List.of(random(draft, random, "table", 97, 16), "input_ids"));
        String q = draft.node("MatMul", List.of(x, random(draft, random, "q", 16, 16)));
        String k = draft.node("MatMul", List.of(x, random(draft, random, "k", 16, 8)));
        String v = draft.node("MatMul", List.of(x, random(draft, random, "v", 16, 8)));
        String all = draft.node("Concat", List.of(q, k, v), "axis", 2);
        String sum = draft.node("ReduceSum", List.of("attention_mask", draft.ints(1)));
        String lengths = draft.node(
                "Cast", List.of(draft.node("Sub", List.of(sum, draft.ints(1)))), "to", DType.INT32.onnxNumber());
        String shape = draft.node("Shape", List.of("attention_mask"));
        String total = draft.node(
                "Cast", List.of(draft.node("Gather", List.of(shape, draft.scalar(1)))), "to", DType.INT32.onnxNumber());
        List<String> attention = draft.node(
                OnnxDraft.MICROSOFT,
                "GroupQueryAttention",
                List.of(
                        packed ? all : q,
                        packed ? "" : k,
                        packed ? "" : v,
                        "past_key_values.0.key",
                        "past_key_values.0.value",
                        lengths,
                        total),
                3,
                "num_heads",
                2,
                "kv_num_heads",
                1,
                "local_window_size",
                window,
                "softcap",
                softcap,
                "scale",
                scale);
        String y = draft.node("MatMul", List.of(attention.get(0), random(draft, random, "head", 16, 97)));
        draft.name(y, "logits");
        return draft.write(file);
    }

    /** Learned positions that the file counts itself are columns: of documents that share a row they would be wrong. */
    @Test
    void aFileThatCountsItsPositionsHasARowForEverySequence() {
        OnnxDraft draft = new OnnxDraft(21);
        SplittableRandom random = new SplittableRandom(3);
        draft.input("input_ids", DType.INT64, "batch_size", "sequence_length");
        draft.output("logits", DType.FLOAT, "batch_size", "sequence_length", 97);
        String shape = draft.node("Shape", List.of("input_ids"));
        String length = draft.node("Gather", List.of(shape, draft.scalar(1)));
        String positions = draft.node("Range", List.of(draft.scalar(0), length, draft.scalar(1)));
        String places = draft.node("Gather", List.of(random(draft, random, "places", 64, 16), positions));
        String words = draft.node("Gather", List.of(random(draft, random, "table", 97, 16), "input_ids"));
        String x = draft.node("Add", List.of(words, places));
        List<String> inputs = List.of(x, x, x, "", "", "", "");
        String mixed = draft.node(
                        OnnxDraft.MICROSOFT, "GroupQueryAttention", inputs, 1, "num_heads", 2, "kv_num_heads", 2)
                .get(0);
        draft.name(draft.node("MatMul", List.of(mixed, random(draft, random, "head", 16, 97))), "logits");

        ImportedModel model = ImportedModel.read(draft.write(temp.resolve("decoder.onnx")));

        assertThat(model.readsDocuments()).isFalse();
        double[] logps =
                run(model, weights(model)).get(TrainingGraph.POLICY_LOGPS).values();
        assertThat(Arrays.stream(logps).max().orElseThrow()).isNegative();
    }

    private static String random(OnnxDraft draft, SplittableRandom random, String name, int rows, int columns) {
        return draft.weights(name, random.doubles((long) rows * columns, -1, 1).toArray(), rows, columns);
    }

    /** The log-probability of a row's response by an inference session on the file itself. */
    private double served(Path file, int row) throws OrtException {
        int[] tokens = golden.tokens(row);
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        long[] shape = {1, ids.length};
        var environment = OrtNatives.environment();
        try (OrtSession session = environment.createSession(file.toString())) {
            feeds.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
            feeds.put("attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape));
            for (String name : session.getInputNames()) {
                if (name.startsWith("past")) {
                    FloatBuffer empty = FloatBuffer.allocate(0);
                    feeds.put(name, OnnxTensor.createTensor(environment, empty, new long[] {1, 1, 0, 8}));
                }
            }
            try (OrtSession.Result result = session.run(feeds)) {
                float[][] logits =
                        ((float[][][]) result.get("logits").orElseThrow().getValue())[0];
                double sum = 0;
                for (int i = tokens.length - golden.responseLength(row); i < tokens.length; i++) {
                    sum += logProbability(logits[i - 1], tokens[i]);
                }
                return sum;
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static double logProbability(float[] logits, int token) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        return logits[token] - Math.log(sum);
    }
}

package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.dilort.weights.SafetensorsFolder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adapted models against PEFT in float64, and against themselves. */
class AdaptedModelTest {
    private static final String GRADIENT = ".gradient";

    @ParameterizedTest
    @MethodSource("org.dilort.lora.GoldenAdapter#all")
    void computesWhatPeftComputes(String name) {
        GoldenAdapter adapter = GoldenAdapter.load(name);
        Map<String, Array> outputs = GraphRunner.run(adapter.graph("dpo", DType.FLOAT), adapter.inputs());
        assertLogps(adapter, outputs);
        double loss = adapter.golden().get("dpo_loss").asDouble();
        assertThat(outputs.get(TrainingGraph.LOSS).values()[0]).isCloseTo(loss, Offset.offset(1e-5 * loss));
        JsonNode gradients = adapter.golden().get("gradients");
        assertThat(outputs.keySet().stream().filter(key -> key.endsWith(GRADIENT)))
                .hasSize(gradients.size());
        gradients
                .fieldNames()
                .forEachRemaining(parameter -> assertGradient(
                        parameter,
                        gradients.get(parameter),
                        outputs.get(parameter + GRADIENT).values()));
    }

    private static void assertLogps(GoldenAdapter adapter, Map<String, Array> outputs) {
        double[] actual = outputs.get(TrainingGraph.POLICY_LOGPS).values();
        JsonNode expected = adapter.golden().get("sequence_logps");
        int pairs = adapter.base().pairs();
        for (int row = 0; row < 2 * pairs; row++) {
            assertThat(actual[2 * (row % pairs) + row / pairs])
                    .as("log-probability of row %d", row)
                    .isCloseTo(
                            expected.get(row).asDouble(),
                            Offset.offset(2e-5 * adapter.base().responseLength(row)));
        }
    }

    private static void assertGradient(String parameter, JsonNode expected, double[] actual) {
        double norm = expected.get("l2").asDouble();
        assertThat(Math.sqrt(Arrays.stream(actual).map(x -> x * x).sum()))
                .as("norm of %s", parameter)
                .isCloseTo(norm, Offset.offset(1e-4 * norm));
        for (int i = 0; i < expected.get("sample").size(); i++) {
            int index = expected.at("/sample_index/" + i).asInt();
            double sample = expected.at("/sample/" + i).asDouble();
            assertThat(actual[index])
                    .as("%s[%d]", parameter, index)
                    .isCloseTo(sample, Offset.offset(Math.max(1e-4 * Math.abs(sample), 1e-6 * norm)));
        }
    }

    /** DoRA's A and B are left out: their gradient takes the norm for a constant, the difference does not. */
    @ParameterizedTest
    @MethodSource("org.dilort.lora.GoldenAdapter#all")
    void gradientsAreThoseOfFiniteDifferences(String name) {
        GoldenAdapter adapter = GoldenAdapter.load(name);
        boolean dora = adapter.adapters().settings().kind() == Kind.DORA;
        Map<String, Array> inputs = adapter.inputs();
        int checked = 0;
        try (GraphRunner runner = new GraphRunner(adapter.graph("sft", DType.DOUBLE))) {
            Map<String, Array> outputs = runner.run(inputs);
            for (Parameter parameter :
                    adapter.adapters().parameters(adapter.base().model())) {
                if (dora && !parameter.name().endsWith(Adapter.MAGNITUDE)) {
                    continue;
                }
                JsonNode samples = adapter.golden().at("/gradients/" + parameter.name() + "/sample_index");
                for (JsonNode index : samples) {
                    double difference = centralDifference(runner, inputs, parameter.name(), index.asInt());
                    double gradient = outputs.get(parameter.name() + GRADIENT).values()[index.asInt()];
                    assertThat(gradient)
                            .as("%s[%d]", parameter.name(), index.asInt())
                            .isCloseTo(difference, Offset.offset(1e-6 * Math.max(Math.abs(difference), 0.1)));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(20);
    }

    private static double centralDifference(GraphRunner runner, Map<String, Array> inputs, String name, int index) {
        double step = 1e-5;
        double value = inputs.get(name).values()[index];
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            Map<String, Array> moved = new TreeMap<>(inputs);
            moved.put(name, inputs.get(name).withValue(index, value + (side == 0 ? step : -step)));
            losses[side] = runner.run(moved).get(TrainingGraph.LOSS).values()[0];
        }
        return (losses[0] - losses[1]) / (2 * step);
    }

    @ParameterizedTest
    @MethodSource("org.dilort.lora.GoldenAdapter#all")
    void mergedWeightsAreTheSameModel(String name) {
        GoldenAdapter adapter = GoldenAdapter.load(name);
        Map<String, Array> inputs = adapter.inputs();
        try (SafetensorsFolder base = SafetensorsFolder.open(adapter.base().folder());
                PeftAdapter trained = PeftAdapter.open(GoldenAdapter.folder(name))) {
            MergedWeights merged = new MergedWeights(base, trained, adapter.adapters());
            for (Parameter parameter : adapter.base().model().parameters()) {
                inputs.put(parameter.name(), GoldenAdapter.array(merged, parameter));
            }
        }
        GraphOptions options = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);
        assertLogps(
                adapter,
                GraphRunner.run(
                        TrainingGraph.withGradientOutputs(
                                adapter.base().model(), Objective.of(HeadSpec.of("dpo")), options),
                        inputs));
    }

    /** With B zero, the model is the base to the last bit. */
    @ParameterizedTest
    @MethodSource("org.dilort.lora.GoldenAdapter#all")
    void anAdapterOfZeroIsTheBase(String name) {
        GoldenAdapter adapter = GoldenAdapter.load(name);
        Map<String, Array> inputs = adapter.inputs();
        Map<String, Array> base = adapter.base().weights();
        inputs.putAll(base);
        adapter.adapters().byModule().values().forEach(one -> {
            inputs.computeIfPresent(one.b(), (key, b) -> new Array(b.shape(), new double[b.values().length]));
            inputs.computeIfPresent(
                    one.magnitude(),
                    (key, m) -> new Array(
                            m.shape(), norms(one.layer(), base.get(one.layer().weight()))));
        });
        GraphOptions options = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);
        double[] expected = GraphRunner.run(
                        TrainingGraph.withGradientOutputs(
                                adapter.base().model(), Objective.of(HeadSpec.of("dpo")), options),
                        inputs)
                .get(TrainingGraph.POLICY_LOGPS)
                .values();
        double[] actual = GraphRunner.run(adapter.graph("dpo", DType.FLOAT), inputs)
                .get(TrainingGraph.POLICY_LOGPS)
                .values();
        double tolerance = adapter.adapters().settings().kind() == Kind.DORA ? 1e-4 : 0;
        assertThat(actual).containsExactly(expected, Offset.offset(tolerance));
    }

    private static double[] norms(LinearLayer layer, Array weight) {
        OutputNorms norms = new OutputNorms(layer);
        float[] floats = new float[weight.values().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) weight.values()[i];
        }
        norms.accept(java.nio.FloatBuffer.wrap(floats));
        float[] result = norms.norms();
        double[] values = new double[result.length];
        for (int i = 0; i < result.length; i++) {
            values[i] = result[i];
        }
        return values;
    }
}

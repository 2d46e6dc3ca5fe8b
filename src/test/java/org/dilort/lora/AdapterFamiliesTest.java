package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.testing.Array;
import org.dilort.testing.ArrayTensors;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For every family: the adapted model is the model with the adapters merged into its weights. */
class AdapterFamiliesTest {
    private static final GraphOptions OPTIONS = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);
    private static final long SEED = Long.getLong("dil.seed", 20261125L);

    static Stream<Arguments> families() {
        return GoldenModel.names().stream()
                .flatMap(name -> Stream.of(Kind.values()).map(kind -> Arguments.of(name, kind)));
    }

    @ParameterizedTest
    @MethodSource("families")
    void mergedIsAdapted(String name, Kind kind) {
        GoldenModel golden = GoldenModel.load(name);
        LoraSettings settings = new LoraSettings(3, 6, Scaling.BY_RANK, kind);
        Adapters adapters = Adapters.choose(golden.model(), settings, List.of(), List.of());
        AdaptedModel model = new AdaptedModel(golden.model(), adapters, (graph, parameter) -> {
            Dim[] dims = parameter.shape().dims().toArray(Dim[]::new);
            return new FrozenWeights.Cast(graph.input(parameter.name(), DType.FLOAT, dims));
        });
        Map<String, Array> trained = random(model);
        double[] base = logps(golden, golden.model(), golden.weights());
        Map<String, Array> all = new TreeMap<>(golden.weights());
        all.putAll(trained);
        double[] adapted = logps(golden, model, all);
        MergedWeights merged =
                new MergedWeights(new ArrayTensors(golden.weights()), new ArrayTensors(trained), adapters);
        Map<String, Array> weights = new TreeMap<>();
        for (Parameter parameter : golden.model().parameters()) {
            weights.put(parameter.name(), GoldenAdapter.array(merged, parameter));
        }
        double[] expected = logps(golden, golden.model(), weights);
        for (int i = 0; i < expected.length; i++) {
            int row = i / 2 + i % 2 * golden.pairs();
            assertThat(adapted[i])
                    .as("sequence %d, seed %d", i, SEED)
                    .isCloseTo(expected[i], Offset.offset(2e-5 * golden.responseLength(row)));
        }
        assertThat(greatestDifference(adapted, base)).as("seed %d", SEED).isGreaterThan(0.1);
    }

    private static double greatestDifference(double[] left, double[] right) {
        return IntStream.range(0, left.length)
                .mapToDouble(i -> Math.abs(left[i] - right[i]))
                .max()
                .orElseThrow();
    }

    private static double[] logps(GoldenModel golden, CausalLm model, Map<String, Array> weights) {
        Map<String, Array> inputs = new TreeMap<>(golden.plainBatch());
        inputs.putAll(weights);
        return GraphRunner.run(
                        TrainingGraph.withGradientOutputs(model, Objective.of(HeadSpec.of("dpo")), OPTIONS), inputs)
                .get(TrainingGraph.POLICY_LOGPS)
                .values();
    }

    private static Map<String, Array> random(AdaptedModel model) {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Array> values = new TreeMap<>();
        for (Parameter parameter : model.parameters()) {
            boolean magnitude = parameter.name().endsWith(Adapter.MAGNITUDE);
            values.put(
                    parameter.name(),
                    Array.random(
                            random,
                            magnitude ? 0.5 : -0.1,
                            magnitude ? 1.5 : 0.1,
                            parameter.shape().toArray()));
        }
        return values;
    }
}

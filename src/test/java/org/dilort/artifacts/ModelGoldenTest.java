package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.dilort.model.Parameter;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Log-probabilities within 2e-5 a token and every parameter's gradient within 1e-4 (relative; floor 1e-6 of the
 * parameter's gradient norm) of PyTorch in float64, for whole models with their heads.
 */
class ModelGoldenTest {
    private record Case(String model, String golden, HeadSpec head, GraphOptions options) {}

    private static HeadSpec formula(String name, Reduction reduction) {
        Map<String, Double> uncapped =
                name.equals("lsif") || name.equals("ukl") ? Map.of("exp_cap", Double.POSITIVE_INFINITY) : Map.of();
        return new HeadSpec(Heads.named(name), reduction, uncapped);
    }

    private static GraphOptions options(DType compute, Form form, Chunks chunks) {
        return new GraphOptions(compute, form, chunks, 64);
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        GraphOptions plain = options(DType.FLOAT, Form.PLAIN, Chunks.WHOLE);
        List<Case> cases = new ArrayList<>();
        for (String model : GoldenModel.llamas()) {
            for (String head : List.of("lsif", "ukl", "bce", "dpo")) {
                cases.add(new Case(model, head, formula(head, Reduction.SUM), plain));
            }
            cases.add(new Case(model, "lsif_avg", formula("lsif", Reduction.MEAN), plain));
        }
        cases.add(new Case(
                "llama_gqa_tied",
                "lsif",
                formula("lsif", Reduction.SUM),
                options(DType.FLOAT, Form.CONTRIB, Chunks.WHOLE)));
        cases.add(new Case(
                "llama_gqa_tied",
                "lsif",
                formula("lsif", Reduction.SUM),
                options(DType.FLOAT, Form.PLAIN, new Chunks(16, 3))));
        cases.add(new Case(
                "llama_gqa_tied",
                "lsif",
                formula("lsif", Reduction.SUM),
                options(DType.FLOAT, Form.PLAIN, new Chunks(32, 4))));
        return cases.stream()
                .map(test -> DynamicTest.dynamicTest(
                        test.model() + " " + test.golden() + " "
                                + test.options().form() + " " + test.options().chunks(),
                        () -> check(test)));
    }

    private static void check(Case test) {
        GoldenModel golden = GoldenModel.load(test.model());
        Graph graph = TrainingGraph.withGradientOutputs(golden.model(), test.head(), test.options());
        Map<String, Array> inputs = new TreeMap<>(golden.plainBatch());
        inputs.putAll(golden.weights());
        Map<String, Array> outputs = GraphRunner.run(graph, inputs);
        checkLogps(golden, outputs.get(TrainingGraph.POLICY_LOGPS).values());
        JsonNode expected = golden.golden().at("/heads/" + test.golden());
        assertThat(outputs.get(TrainingGraph.LOSS).values()[0])
                .isCloseTo(
                        expected.get("loss").asDouble(),
                        within(1e-5, expected.get("loss").asDouble()));
        for (Parameter parameter : golden.model().parameters()) {
            checkGradient(golden, parameter, expected, outputs.get(StateNames.gradient(parameter.name())));
        }
    }

    private static void checkLogps(GoldenModel golden, double[] actual) {
        double[] expected = golden.numbers("/sequence_logps");
        for (int row = 0; row < expected.length; row++) {
            double logp = actual[2 * (row % golden.pairs()) + row / golden.pairs()];
            assertThat(Math.abs(logp - expected[row]) / golden.responseLength(row))
                    .as("log-probability of row %d: %s, expected %s", row, logp, expected[row])
                    .isLessThan(2e-5);
        }
    }

    private static void checkGradient(GoldenModel golden, Parameter parameter, JsonNode expected, Array actual) {
        JsonNode gradient = expected.at("/gradients").get(parameter.name());
        double norm = Math.sqrt(
                java.util.Arrays.stream(actual.values()).map(x -> x * x).sum());
        double goldenNorm = gradient.get("l2").asDouble();
        assertThat(norm).as(parameter.name()).isCloseTo(goldenNorm, within(1e-4, goldenNorm));
        double[] samples = golden.numbers("/parameters/" + parameter.name() + "/sample_index");
        for (int i = 0; i < samples.length; i++) {
            double sample = gradient.get("sample").get(i).asDouble();
            double tolerance = Math.max(1e-4 * Math.abs(sample), 1e-6 * goldenNorm);
            assertThat(actual.values()[(int) samples[i]])
                    .as("%s[%d]", parameter.name(), (int) samples[i])
                    .isCloseTo(sample, org.assertj.core.data.Offset.offset(tolerance));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double relative, double expected) {
        return org.assertj.core.data.Offset.offset(Math.max(relative * Math.abs(expected), 1e-8));
    }
}

package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Recompute;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
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
    /**
     * Of the norm of all gradients: what rounding may leave of a gradient that is exactly 0, as is that of the bias of
     * keys without positions, which moves all scores of a query alike.
     */
    private static final double ZERO = 1e-8;

    /**
     * Heads and models whose gradients have an entry that is what a sum of far greater terms leaves: float's rounding of
     * the terms decides it, and differs by processor. Of qwen2_sw4's entry PyTorch in float32 is off by 5e-6; of the others
     * this graph is off by less than 1e-6 on some processors, by 1.5e-6 and 1.1e-6 with AVX-512.
     */
    private static final Map<String, Double> CANCELLING =
            Map.of("qwen2_sw4 lsif", 5e-6, "qwen2 dpo", 2e-6, "gemma3_text lsif", 2e-6);

    private record Case(String model, String golden, HeadSpec head, GraphOptions options) {
        /** Of an entry's tolerance, relative to the norm of its parameter's gradient. */
        double floor() {
            return CANCELLING.getOrDefault(model + " " + golden, 1e-6);
        }
    }

    /** The heads of the goldens by their names there. orpo_full is left out: its input of prompts is not given in training. */
    private static final Map<String, HeadSpec> HEADS = Map.ofEntries(
            Map.entry("lsif", formula("lsif", Reduction.SUM)),
            Map.entry("ukl", formula("ukl", Reduction.SUM)),
            Map.entry("bce", formula("bce", Reduction.SUM)),
            Map.entry("lsif_avg", formula("lsif", Reduction.MEAN)),
            Map.entry("dpo", formula("dpo", Reduction.SUM)),
            Map.entry("simpo", formula("simpo", Reduction.MEAN)),
            Map.entry("ipo_sum", formula("ipo", Reduction.SUM)),
            Map.entry("ipo_avg", formula("ipo", Reduction.MEAN)),
            Map.entry("hinge", formula("hinge", Reduction.SUM)),
            Map.entry("cpo_tok", formula("cpo", Reduction.SUM)),
            Map.entry("orpo", formula("orpo", Reduction.MEAN)),
            Map.entry("rpo_tok", formula("rpo", Reduction.SUM)));

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
        for (String model : GoldenModel.names()) {
            HEADS.forEach((golden, head) -> cases.add(new Case(model, golden, head, plain)));
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
        for (String model : GoldenModel.names()) {
            cases.add(new Case(model, "lsif", formula("lsif", Reduction.SUM), plain.withRecompute(Recompute.BLOCKS)));
        }
        return cases.stream()
                .map(test -> DynamicTest.dynamicTest(
                        test.model() + " " + test.golden() + " "
                                + test.options().form() + " " + test.options().recompute() + " "
                                + test.options().chunks(),
                        () -> check(test)));
    }

    private static Map<String, Array> run(GoldenModel golden, HeadSpec head, GraphOptions options) {
        Graph graph = TrainingGraph.withGradientOutputs(golden.model(), Objective.of(head), options);
        return GraphRunner.run(graph, inputs(golden));
    }

    private static Map<String, Array> inputs(GoldenModel golden) {
        Map<String, Array> inputs = new TreeMap<>(golden.plainBatch());
        inputs.putAll(golden.weights());
        return inputs;
    }

    private static void check(Case test) {
        GoldenModel golden = GoldenModel.load(test.model());
        Map<String, Array> outputs = run(golden, test.head(), test.options());
        checkLogps(golden, outputs.get(TrainingGraph.POLICY_LOGPS).values());
        JsonNode expected = golden.golden().at("/heads/" + test.golden());
        checkLoss(outputs, expected.get("loss").asDouble());
        for (Parameter parameter : golden.model().parameters()) {
            checkGradient(golden, parameter, expected, outputs, test.floor());
        }
    }

    private static void checkLoss(Map<String, Array> outputs, double expected) {
        assertThat(outputs.get(TrainingGraph.LOSS).values()[0]).isCloseTo(expected, within(1e-5, expected));
    }

    /** Half precision keeps 11 bits: products within 5e-4, whole gradients within 2e-2 of their norm. */
    @TestFactory
    Stream<DynamicTest> productsInHalfPrecision() {
        GraphOptions plain = options(DType.FLOAT, Form.PLAIN, new Chunks(16, 3));
        return GoldenModel.names().stream()
                .map(GoldenModel::load)
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    Map<String, Array> wide = run(golden, HEADS.get("dpo"), plain);
                    Map<String, Array> half = run(golden, HEADS.get("dpo"), plain.withProducts(DType.FLOAT16));
                    double zero = 1e3 * zero(golden, wide);
                    wide.forEach((name, array) -> assertThat(distance(half.get(name), array))
                            .as(name)
                            .isLessThan(2e-2 * norm(array.values()) + zero));
                    assertThat(distance(half.get(TrainingGraph.POLICY_LOGPS), wide.get(TrainingGraph.POLICY_LOGPS)))
                            .isPositive();
                }));
    }

    private static double distance(Array a, Array b) {
        double[] differences = new double[a.values().length];
        Arrays.setAll(differences, i -> a.values()[i] - b.values()[i]);
        return norm(differences);
    }

    /** The formulas written out in double are those of the goldens where these record a head with token means. */
    @TestFactory
    Stream<DynamicTest> formulasOfMeanHeadsAreTheGoldens() {
        return GoldenModel.names().stream()
                .map(GoldenModel::load)
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    MeanHeadFormulas formulas = new MeanHeadFormulas(golden);
                    double[] recorded = golden.numbers("/heads/lsif_avg/d_sequence_logps");
                    assertThat(formulas.sequenceGradients("lsif")).containsExactly(recorded, Offset.offset(1e-12));
                    double loss = golden.golden().at("/heads/lsif_avg/loss").asDouble();
                    assertThat(formulas.loss("lsif")).isCloseTo(loss, Offset.offset(1e-12));
                }));
    }

    @TestFactory
    Stream<DynamicTest> gradientsOfMeanHeads() {
        return GoldenModel.names().stream()
                .flatMap(model -> Stream.of("lsif", "ukl", "bce", "dpo")
                        .map(head -> DynamicTest.dynamicTest(
                                model + " " + head, () -> checkMeanHead(GoldenModel.load(model), head))));
    }

    private static void checkMeanHead(GoldenModel golden, String head) {
        GraphOptions options = options(DType.FLOAT, Form.PLAIN, Chunks.WHOLE);
        Map<String, Array> outputs = run(golden, formula(head, Reduction.MEAN), options);
        MeanHeadFormulas formulas = new MeanHeadFormulas(golden);
        checkLoss(outputs, formulas.loss(head));
        SequenceGradients gradients = new SequenceGradients(golden);
        for (Parameter parameter : golden.model().parameters()) {
            String name = parameter.name();
            double[] actual = outputs.get(StateNames.gradient(name)).values();
            double[] samples = golden.numbers("/parameters/" + name + "/sample_index");
            double[] expected = gradients.predict(name, formulas.sequenceGradients(head));
            double floor = Math.max(1e-6 * norm(actual), zero(golden, outputs));
            for (int i = 0; i < samples.length; i++) {
                assertThat(actual[(int) samples[i]])
                        .as("%s[%d]", name, (int) samples[i])
                        .isCloseTo(expected[i], Offset.offset(Math.max(1e-4 * Math.abs(expected[i]), floor)));
            }
            double sum = expected[samples.length];
            assertThat(Arrays.stream(actual).sum())
                    .as("sum of %s", name)
                    .isCloseTo(sum, Offset.offset(1e-4 * Math.abs(sum) + floor * Math.sqrt(actual.length)));
        }
    }

    /** No golden records sft: its double graph against differences at the sampled entries, its float graph against that. */
    @TestFactory
    Stream<DynamicTest> gradientsOfSft() {
        return GoldenModel.names().stream()
                .map(model -> DynamicTest.dynamicTest(model, () -> checkSft(GoldenModel.load(model))));
    }

    private static void checkSft(GoldenModel golden) {
        HeadSpec sft = HeadSpec.of("sft");
        Map<String, Array> inputs = inputs(golden);
        Map<String, Array> floats = run(golden, sft, options(DType.FLOAT, Form.PLAIN, Chunks.WHOLE));
        GraphOptions doubles = options(DType.DOUBLE, Form.PLAIN, Chunks.WHOLE);
        try (GraphRunner runner =
                new GraphRunner(TrainingGraph.withGradientOutputs(golden.model(), Objective.of(sft), doubles))) {
            Map<String, Array> exact = runner.run(inputs);
            checkLoss(floats, exact.get(TrainingGraph.LOSS).values()[0]);
            for (Parameter parameter : golden.model().parameters()) {
                String name = parameter.name();
                double[] expected = exact.get(StateNames.gradient(name)).values();
                for (double index : golden.numbers("/parameters/" + name + "/sample_index")) {
                    double difference = centralDifference(runner, inputs, name, (int) index);
                    double size = 1e-6 * Math.max(Math.abs(difference), norm(expected));
                    assertThat(expected[(int) index])
                            .as("%s[%d]", name, (int) index)
                            .isCloseTo(difference, Offset.offset(Math.max(size, zero(golden, exact))));
                }
                double[] actual = floats.get(StateNames.gradient(name)).values();
                double floor = Math.max(1e-6 * norm(expected), zero(golden, exact));
                for (int i = 0; i < expected.length; i++) {
                    double tolerance = Math.max(1e-4 * Math.abs(expected[i]), floor);
                    assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], Offset.offset(tolerance));
                }
            }
        }
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

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(x -> x * x).sum());
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

    private static void checkGradient(
            GoldenModel golden,
            Parameter parameter,
            JsonNode expected,
            Map<String, Array> outputs,
            double relativeFloor) {
        JsonNode gradient = expected.at("/gradients").get(parameter.name());
        double[] actual = outputs.get(StateNames.gradient(parameter.name())).values();
        double zero = ZERO * expected.get("grad_norm_all").asDouble();
        double goldenNorm = gradient.get("l2").asDouble();
        assertThat(norm(actual))
                .as(parameter.name())
                .isCloseTo(goldenNorm, Offset.offset(Math.max(1e-4 * goldenNorm, zero)));
        double[] samples = golden.numbers("/parameters/" + parameter.name() + "/sample_index");
        for (int i = 0; i < samples.length; i++) {
            double sample = gradient.get("sample").get(i).asDouble();
            double floor = Math.max(relativeFloor * goldenNorm, zero);
            double tolerance = Math.max(1e-4 * Math.abs(sample), floor);
            assertThat(actual[(int) samples[i]])
                    .as("%s[%d]", parameter.name(), (int) samples[i])
                    .isCloseTo(sample, Offset.offset(tolerance));
        }
    }

    private static double zero(GoldenModel golden, Map<String, Array> outputs) {
        return ZERO
                * norm(golden.model().parameters().stream()
                        .mapToDouble(parameter -> norm(outputs.get(StateNames.gradient(parameter.name()))
                                .values()))
                        .toArray());
    }

    private static Offset<Double> within(double relative, double expected) {
        return Offset.offset(Math.max(relative * Math.abs(expected), 1e-8));
    }
}

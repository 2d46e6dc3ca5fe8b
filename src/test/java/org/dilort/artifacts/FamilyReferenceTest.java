package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.data.Layout;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.RunLength;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.dilort.testing.reference.ReferenceDecoder;
import org.dilort.testing.reference.TinyConfigs;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random models of every family against the second decoder: the log-probability of every token of packed documents
 * against that of separate sequences, and every parameter's gradient against differences along random directions.
 */
class FamilyReferenceTest {
    private static final long SEED = Long.getLong("dil.seed", 20261202L);
    private static final int MODELS = 6;
    private static final int DIRECTIONS = 2;
    private static final RunLength LENGTH = new RunLength(TinyConfigs.LONGEST_SEQUENCE);
    private static final int TABLE_POSITIONS = 64;

    private static final Tolerance FLOAT = new Tolerance(1e-4, 1e-6, 1e-7);
    private static final Tolerance DOUBLE = new Tolerance(1e-7, 1e-9, 1e-10);

    private record Case(String name, ReferenceDecoder reference, CausalLm model, ScoredTokens tokens) {}

    @TestFactory
    Stream<DynamicTest> graphsComputeWhatTheReferenceDoes() {
        return TinyConfigs.FAMILIES.stream()
                .flatMap(family -> IntStream.range(0, MODELS)
                        .mapToObj(number -> DynamicTest.dynamicTest(
                                family + " " + (SEED + number), () -> check(random(family, SEED + number)))));
    }

    private static Case random(String family, long seed) {
        ObjectNode config = TinyConfigs.of(family, seed);
        CausalLm model = Architectures.of(new ConfigJson(config, "config.json"), LENGTH);
        Layout layout = Layout.values()[(int) (seed % 2)];
        return new Case(
                "seed " + seed + ", " + layout + ", " + config,
                ReferenceDecoder.random(config, LENGTH.tokens(), seed),
                model,
                new ScoredTokens(new SplittableRandom(seed), model.size().vocabulary(), layout));
    }

    private static void check(Case test) {
        checkParameters(test);
        Map<String, Array> doubles = run(test, DType.DOUBLE);
        Map<String, Array> floats = run(test, DType.FLOAT);
        checkLogProbs(test, doubles, 1e-10);
        checkLogProbs(test, floats, 2e-5);
        for (Parameter parameter : test.model().parameters()) {
            SplittableRandom random = new SplittableRandom(parameter.name().hashCode());
            for (int i = 0; i < DIRECTIONS; i++) {
                double[] direction = direction(random, (int) parameter.elements());
                Slope slope = new Slope(parameter.name(), direction, slope(test, parameter.name(), direction));
                checkGradient(test, slope, doubles, DOUBLE);
                checkGradient(test, slope, floats, FLOAT);
            }
        }
    }

    /** The second decoder asks for the weights that it needs by name and shape: the model must have these and no others. */
    private static void checkParameters(Case test) {
        Map<String, List<Long>> expected = new TreeMap<>();
        test.reference().weights().forEach((name, array) -> expected.put(name, boxed(array.shape())));
        Map<String, List<Long>> actual = new TreeMap<>();
        for (Parameter parameter : test.model().parameters()) {
            actual.put(parameter.name(), boxed(parameter.shape().toArray()));
        }
        assertThat(actual).as(test.name()).isEqualTo(expected);
    }

    private static List<Long> boxed(long[] shape) {
        return LongStream.of(shape).boxed().toList();
    }

    private static Map<String, Array> run(Case test, DType compute) {
        GraphOptions options = new GraphOptions(compute, Form.PLAIN, new Chunks(7, 3), TABLE_POSITIONS);
        Objective linear = Objective.of(HeadSpec.of("kto_pair")); // couples pairs: the graph takes coefficients
        Map<String, Array> inputs = test.tokens().inputs();
        inputs.putAll(test.reference().weights());
        return GraphRunner.run(TrainingGraph.withGradientOutputs(test.model(), linear, options), inputs);
    }

    private static void checkLogProbs(Case test, Map<String, Array> outputs, double tolerance) {
        double[] expected = test.tokens().logProbs(test.reference());
        double[] actual = outputs.get(TrainingGraph.POLICY_LOGPS).values();
        assertThat(Arrays.copyOf(actual, expected.length))
                .as(test.name())
                .containsExactly(expected, Offset.offset(tolerance));
    }

    /** The derivative of the loss along a direction of unit length. */
    private record Slope(String parameter, double[] direction, double value) {}

    /**
     * How far a derivative may be off.
     *
     * @param ofOwn times the norm of the parameter's gradient
     * @param ofAll times the norm of all gradients: rounding, which is all that is left where a gradient is zero, such as
     *     that of the biases of keys without positions
     */
    private record Tolerance(double relative, double ofOwn, double ofAll) {}

    private static void checkGradient(Case test, Slope slope, Map<String, Array> outputs, Tolerance tolerance) {
        double[] gradient = outputs.get(StateNames.gradient(slope.parameter())).values();
        double allowed = DoubleStream.of(
                        tolerance.relative() * Math.abs(slope.value()),
                        tolerance.ofOwn() * norm(gradient),
                        tolerance.ofAll() * normOfAll(test, outputs))
                .max()
                .orElseThrow();
        assertThat(dot(gradient, slope.direction()))
                .as("gradient of %s; %s", slope.parameter(), test.name())
                .isCloseTo(slope.value(), Offset.offset(allowed));
    }

    private static double normOfAll(Case test, Map<String, Array> outputs) {
        return norm(test.model().parameters().stream()
                .mapToDouble(parameter ->
                        norm(outputs.get(StateNames.gradient(parameter.name())).values()))
                .toArray());
    }

    private static double norm(double[] values) {
        return Math.sqrt(dot(values, values));
    }

    private static double[] direction(SplittableRandom random, int size) {
        double[] direction = random.doubles(size, -1, 1).toArray();
        double norm = norm(direction);
        return Arrays.stream(direction).map(x -> x / norm).toArray();
    }

    /**
     * From four values of the loss f: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h. It is off by about h⁴/30 of the fifth
     * derivative and by the rounding of f over h: with h = 1e-4 and f of some tens, 3e-18 times that derivative (1e7 was
     * seen) and 1e-14 / 1e-4 = 1e-10.
     */
    private static double slope(Case test, String parameter, double[] direction) {
        double h = 1e-4;
        double near = loss(test, parameter, direction, h) - loss(test, parameter, direction, -h);
        double far = loss(test, parameter, direction, 2 * h) - loss(test, parameter, direction, -2 * h);
        return (8 * near - far) / (12 * h);
    }

    private static double loss(Case test, String parameter, double[] direction, double step) {
        Array weight = test.reference().weights().get(parameter);
        double[] moved = weight.values().clone();
        Arrays.setAll(moved, i -> moved[i] + step * direction[i]);
        return test.tokens().weightedSum(test.reference().with(parameter, new Array(weight.shape(), moved)));
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}

package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dilort.error.ConfigException;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every head must keep: PyTorch's values and gradients, its own finite differences, finite numbers for any input,
 * coefficients within their ranges. A head's test extends this and adds its numbers by hand.
 */
abstract class HeadContract {
    private static final long SEED = Long.getLong("dil.seed", 20261128L);

    /** Absolute floor of gradients with respect to log-probabilities. */
    private static final double FLOOR = 1e-8;

    final Head head;

    HeadContract(String name) {
        this.head = Heads.named(name);
    }

    /** Entries of the goldens for this head in one reduction; none where PyTorch's side has none. */
    List<String> goldens(Reduction reduction) {
        return List.of(reduction == Reduction.SUM ? head.name() : head.name() + "_avg");
    }

    /** Sign of the gradient of every chosen and every rejected log-probability; 0 where there is none. */
    int[] signs() {
        return new int[] {-1, 1};
    }

    final HeadSpec spec(Reduction reduction, Map<String, Double> coefficients) {
        return new HeadSpec(head, reduction, coefficients);
    }

    final Result run(HeadSpec spec, Batch batch) {
        return HeadRunner.run(spec, batch);
    }

    /** The head with beta 1 and the sum, which is what the formulas say. */
    final Result formula(double chosenRatio, double rejectedRatio) {
        Map<String, Double> beta = has("beta") ? Map.of("beta", 1.0) : Map.of();
        return run(spec(Reduction.SUM, beta), Batch.ofRatios(chosenRatio, rejectedRatio));
    }

    final void assertFormula(double chosenRatio, double rejectedRatio, double loss, double dChosen, double dRejected) {
        Result result = formula(chosenRatio, rejectedRatio);
        Offset<Double> digits = Offset.offset(1e-6);
        assertThat(result.losses()[0]).isCloseTo(loss, digits);
        assertThat(result.gradients()[0]).isCloseTo(dChosen, digits);
        assertThat(result.gradients()[1]).isCloseTo(dRejected, digits);
    }

    private boolean has(String coefficient) {
        return head.coefficients().stream().anyMatch(known -> known.name().equals(coefficient));
    }

    private Stream<HeadGoldens.Case> cases(Reduction reduction) {
        return goldens(reduction).stream().flatMap(entry -> HeadGoldens.of(entry).stream());
    }

    @TestFactory
    Stream<DynamicTest> formulaIsPyTorchsWhereverFloatHoldsIt() {
        return head.reductions().stream()
                .flatMap(reduction -> cases(reduction)
                        .map(golden -> dynamicTest(golden.name(), () -> {
                            Map<String, Double> coefficients = new HashMap<>(golden.coefficients());
                            if (has("exp_cap")) {
                                coefficients.put("exp_cap", Double.POSITIVE_INFINITY);
                            }
                            compare(golden, run(spec(reduction, coefficients), golden.batch()), Float.MAX_VALUE);
                        })));
    }

    /** Nothing differs below the cap; above it, loss and gradient are finite and pull the same way. */
    @TestFactory
    Stream<DynamicTest> capChangesOnlyRunawayPairs() {
        return head.reductions().stream()
                .flatMap(reduction -> cases(reduction)
                        .map(golden -> dynamicTest(golden.name(), () -> {
                            Result result = run(spec(reduction, golden.coefficients()), golden.batch());
                            compare(golden, result, has("exp_cap") ? Math.exp(30) / 2 : Float.MAX_VALUE);
                            assertFiniteAndRightWay(golden, result);
                        })));
    }

    private static void compare(HeadGoldens.Case golden, Result actual, double largest) {
        for (int i = 0; i < golden.perPair().length; i++) {
            double chosen = golden.gradients()[2 * i];
            double rejected = golden.gradients()[2 * i + 1];
            if (Math.abs(chosen) < largest && Math.abs(rejected) < largest) {
                double loss = golden.perPair()[i];
                assertThat(actual.losses()[i]).as("loss of pair %d", i).isCloseTo(loss, relative(1e-5, loss));
            }
            if (Math.abs(chosen) < largest) {
                assertThat(actual.gradients()[2 * i])
                        .as("chosen of pair %d", i)
                        .isCloseTo(chosen, relative(1e-4, chosen));
            }
            if (Math.abs(rejected) < largest) {
                assertThat(actual.gradients()[2 * i + 1])
                        .as("rejected of pair %d", i)
                        .isCloseTo(rejected, relative(1e-4, rejected));
            }
        }
    }

    private static Offset<Double> relative(double tolerance, double expected) {
        return Offset.offset(Math.max(tolerance * Math.abs(expected), FLOOR));
    }

    private static void assertFiniteAndRightWay(HeadGoldens.Case golden, Result actual) {
        assertThat(DoubleStream.of(actual.losses()).allMatch(Double::isFinite)).isTrue();
        for (int i = 0; i < actual.gradients().length; i++) {
            double expected = golden.gradients()[i];
            assertThat(actual.gradients()[i])
                    .as("gradient %d, PyTorch's is %s", i, expected)
                    .isFinite();
            if (Math.abs(expected) > FLOOR) {
                assertThat(Math.signum(actual.gradients()[i]))
                        .as("sign of %d", i)
                        .isEqualTo(Math.signum(expected));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> gradientsAreThoseOfFiniteDifferences() {
        return head.reductions().stream()
                .map(reduction -> dynamicTest(reduction.name(), () -> checkDifferences(spec(reduction, Map.of()))));
    }

    /** In float with steps of 1/32, exact in float, so a tolerance of 1e-3 and of what rounding the losses costs. */
    private static void checkDifferences(HeadSpec spec) {
        double step = 1.0 / 32;
        SplittableRandom random = new SplittableRandom(SEED);
        double[] ratios = random.doubles(16, -8, 8)
                .map(ratio -> Math.rint(ratio * 32) / 32)
                .toArray();
        double[] lengths = random.ints(16, 1, 9).asDoubleStream().toArray();
        Batch batch = new Batch(ratios, new double[16], lengths);
        try (HeadRunner runner = new HeadRunner(spec)) {
            Result result = runner.run(batch);
            for (int i = 0; i < 16; i++) {
                double above = runner.run(batch.withPolicy(i, ratios[i] + step)).losses()[i / 2];
                double below = runner.run(batch.withPolicy(i, ratios[i] - step)).losses()[i / 2];
                double expected = (above - below) / (2 * step);
                double rounding = 1e-5 * Math.max(Math.abs(above), Math.abs(below));
                assertThat(result.gradients()[i])
                        .as("gradient %d of %s, seed %d", i, spec.fileName(), SEED)
                        .isCloseTo(expected, Offset.offset(1e-3 * Math.abs(expected) + rounding + 1e-6));
            }
        }
    }

    @Test
    void hugeLogRatiosStayFiniteAndPullTheRightWay() {
        for (Reduction reduction : head.reductions()) {
            Result result =
                    run(spec(reduction, Map.of()), Batch.ofRatios(500, 500, 500, -500, -500, 500, -500, -500, 0, 0));
            assertThat(DoubleStream.of(result.losses()).allMatch(Double::isFinite))
                    .isTrue();
            assertThat(DoubleStream.of(result.gradients()).allMatch(Double::isFinite))
                    .isTrue();
            // chosen far below, rejected far above: the pair that training must mend
            for (int side = 0; side < 2; side++) {
                double gradient = result.gradients()[4 + side];
                assertThat(gradient * signs()[side])
                        .as("side %d: %s", side, gradient)
                        .isGreaterThanOrEqualTo(0);
            }
            assertThat(result.gradients()[4] != 0 || result.gradients()[5] != 0).isTrue();
        }
    }

    @Test
    void gradientsPointWhereTheHeadSays() {
        for (Reduction reduction : head.reductions()) {
            Result result = run(spec(reduction, Map.of()), Batch.ofRatios(0.5, -1, -2, 3));
            for (int i = 0; i < 4; i++) {
                assertThat(Math.signum(result.gradients()[i])).isEqualTo(signs()[i % 2]);
            }
        }
    }

    /** Losses of pairs are independent: a pair gives the same alone, to the bit. */
    @Test
    void pairsDoNotMix() {
        HeadSpec spec = spec(head.reductions().get(0), Map.of());
        try (HeadRunner runner = new HeadRunner(spec)) {
            Result both = runner.run(Batch.ofRatios(0.5, -1, -2, 3), 2, 2);
            Result second = runner.run(Batch.ofRatios(-2, 3), 2, 2);
            assertThat(second.losses()[0]).isEqualTo(both.losses()[1]);
            assertThat(second.gradients()).containsExactly(both.gradients()[2], both.gradients()[3]);
        }
    }

    @Test
    void coefficientsKeepTheirRanges() {
        for (Coefficient coefficient : head.coefficients()) {
            String name = coefficient.name();
            for (double bad : new double[] {
                Double.NaN, Math.nextDown(coefficient.min()), coefficient.min() - 1, Math.nextUp(coefficient.max())
            }) {
                if (bad == Double.POSITIVE_INFINITY) {
                    continue;
                }
                assertThatThrownBy(() -> spec(head.reductions().get(0), Map.of(name, bad)))
                        .as("%s = %s", name, bad)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageStartingWith("head." + name + ": got " + bad + ", expected " + coefficient.min())
                        .hasMessageEndingWith("(head " + head.name() + ")");
            }
            for (double good : new double[] {coefficient.min(), coefficient.defaultValue(), coefficient.max()}) {
                assertThat(spec(head.reductions().get(0), Map.of(name, good)).coefficients())
                        .containsEntry(name, good);
            }
        }
    }

    @Test
    void unknownCoefficientIsNamed() {
        assertThatThrownBy(() -> spec(head.reductions().get(0), Map.of("bta", 1.0)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("head.bta: head " + head.name() + " has no such coefficient, expected [");
    }

    @Test
    void reductionThatTheHeadLacksIsRefused() {
        for (Reduction reduction : Reduction.values()) {
            if (!head.reductions().contains(reduction)) {
                assertThatThrownBy(() -> spec(reduction, Map.of()))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageStartingWith("head.reduction: got "
                                + reduction.name().toLowerCase(java.util.Locale.ROOT) + ", which head " + head.name()
                                + " does not have");
            }
        }
    }

    @Test
    void specIsItsOwn() {
        Map<String, Double> given = new HashMap<>();
        HeadSpec spec = spec(head.reductions().get(0), given);
        assertThatThrownBy(() -> spec.coefficients().put("beta", 3.0))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(spec).isEqualTo(HeadSpec.of(head.name()));
    }

    @Test
    void headDescribesItself() {
        assertThat(Heads.all()).contains(head);
        assertThat(head.formula()).isNotBlank().doesNotContain("\n");
        assertThat(head.coefficients())
                .allSatisfy(coefficient -> assertThat(coefficient.meaning()).isNotBlank());
    }
}

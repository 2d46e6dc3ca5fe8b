package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.heads.Formulas.Numbers;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every head outside the Bregman family, with every reduction: losses against the formula in float64, gradients against
 * its central differences, on random pairs; and finite numbers on log-ratios of 500 either way.
 */
class HeadFormulaTest {
    private static final long SEED = Long.getLong("dil.seed", 20261124L);
    private static final double STEP = 1e-5;

    /** Further settings than the default. */
    private static final Map<String, List<Map<String, Double>>> SETTINGS = Map.of(
            "dpo", List.of(Map.of("label_smoothing", 0.2)),
            "aot", List.of(Map.of("label_smoothing", 0.2)),
            "aot_unpaired", List.of(Map.of("label_smoothing", 0.2)),
            "exo_pair", List.of(Map.of("label_smoothing", 0.2, "beta", 0.5)),
            "discopop", List.of(Map.of("tau", 1., "beta", 1.)),
            "slic", List.of(Map.of("delta", 10., "lambda", 0.1)),
            "fdpo_alpha", List.of(Map.of("f_alpha", 1.), Map.of("f_alpha", 1.5), Map.of("f_alpha", 0.)));

    private static Stream<Head> heads() {
        return Heads.all().stream()
                .filter(head -> !(head instanceof BregmanHead))
                .filter(head -> head.optionalInputs().isEmpty()
                        || head.optionalInputs().equals(java.util.Set.of(OptionalInput.DETACHED_LOGPS)));
    }

    private static Stream<HeadSpec> specs() {
        return heads().flatMap(head -> {
            List<Map<String, Double>> settings = new ArrayList<>(SETTINGS.getOrDefault(head.name(), List.of()));
            settings.add(Map.of());
            return head.reductions().stream()
                    .flatMap(reduction -> settings.stream().map(values -> new HeadSpec(head, reduction, values)));
        });
    }

    @TestFactory
    Stream<DynamicTest> lossesAndGradients() {
        return specs().map(spec -> DynamicTest.dynamicTest(name(spec), () -> {
            SplittableRandom random = new SplittableRandom(SEED);
            try (HeadRunner run = new HeadRunner(spec)) {
                for (double spread : new double[] {0.5, 3, 12}) {
                    check(spec, Batch.random(random, 5, spread), run);
                }
            }
        }));
    }

    private static String name(HeadSpec spec) {
        return spec.head().name() + " " + spec.reduction() + " " + spec.coefficients();
    }

    private static void check(HeadSpec spec, Batch batch, HeadRunner run) {
        Result actual = run.run(batch);
        double[] expected = losses(spec, batch, batch.policy());
        for (int pair = 0; pair < batch.pairs(); pair++) {
            Close.loss(actual.losses()[pair], expected[pair], name(spec) + " loss " + pair + " seed " + SEED);
        }
        for (int i = 0; i < batch.policy().length; i++) {
            double slope = (sum(spec, batch, i, STEP) - sum(spec, batch, i, -STEP)) / (2 * STEP);
            Close.slope(actual.gradients()[i], slope, name(spec) + " gradient " + i + " seed " + SEED);
        }
    }

    private static double[] losses(HeadSpec spec, Batch batch, double[] detached) {
        return Formulas.of(spec.head().name()).losses(new Numbers(batch, detached, spec));
    }

    private static double sum(HeadSpec spec, Batch batch, int index, double step) {
        Batch moved = batch.withPolicy(index, batch.policy()[index] + step);
        return Arrays.stream(losses(spec, moved, batch.policy())).sum();
    }

    @TestFactory
    Stream<DynamicTest> extremePairs() {
        return heads().flatMap(head -> head.reductions().stream()
                .map(reduction -> new HeadSpec(head, reduction, Map.of()))
                .map(spec -> DynamicTest.dynamicTest(name(spec), () -> checkExtremes(spec))));
    }

    private static void checkExtremes(HeadSpec spec) {
        double[][] ends = {{0, 0}, {-500, 500}, {500, -500}, {500, 500}, {-500, -500}, {700, 0}, {0, -700}};
        double[] policy = new double[2 * ends.length];
        double[] reference = new double[policy.length];
        double[] lengths = new double[policy.length];
        for (int i = 0; i < policy.length; i++) {
            reference[i] = -700;
            policy[i] = reference[i] + ends[i / 2][i % 2];
            lengths[i] = 1 + i % 3;
        }
        Result result = HeadRunner.run(spec, new Batch(policy, reference, lengths));
        for (int pair = 0; pair < ends.length; pair++) {
            String at = name(spec) + " " + Arrays.toString(ends[pair]);
            assertThat(result.losses()[pair]).as(at).isFinite();
            assertThat(result.gradients()[2 * pair]).as(at + " chosen").isFinite();
            assertThat(result.gradients()[2 * pair + 1]).as(at + " rejected").isFinite();
        }
    }

    @TestFactory
    Stream<DynamicTest> rewardsAreScaledLogRatios() {
        Batch batch = Batch.random(new SplittableRandom(SEED), 4, 5);
        return heads().map(head -> DynamicTest.dynamicTest(head.name(), () -> {
            HeadSpec spec = new HeadSpec(head, head.reductions().get(0), Map.of());
            Numbers n = new Numbers(batch, batch.policy(), spec);
            double beta = spec.coefficients().getOrDefault("beta", 1.);
            double[] rewards = HeadRunner.run(spec, batch).rewards();
            for (int i = 0; i < rewards.length; i++) {
                double ratio = head.needsReference() ? n.q(i) : n.p(i);
                Close.loss(rewards[i], beta * ratio, head.name() + " reward " + i + " seed " + SEED);
            }
        }));
    }

    /** Of pair scope: a pair alone has the loss that it has among others. */
    @TestFactory
    Stream<DynamicTest> scopeIsWhatTheHeadSays() {
        Batch batch = Batch.random(new SplittableRandom(SEED), 4, 5);
        return heads().map(head -> DynamicTest.dynamicTest(head.name(), () -> {
            HeadSpec spec = new HeadSpec(head, head.reductions().get(0), Map.of());
            // the last pair's numbers change, the counts of the step do not
            Batch closer = batch.withPolicy(6, batch.policy()[6] - 40).withPolicy(7, batch.policy()[7] + 30);
            Batch lower = batch.withPolicy(6, batch.policy()[6] - 400);
            assertThat(sameFirstThree(spec, batch, closer) && sameFirstThree(spec, batch, lower))
                    .as("seed %d", SEED)
                    .isEqualTo(head.scope() == Scope.PAIR);
        }));
    }

    private static boolean sameFirstThree(HeadSpec spec, Batch one, Batch other) {
        double[] losses = HeadRunner.run(spec, one).losses();
        return Arrays.mismatch(losses, 0, 3, HeadRunner.run(spec, other).losses(), 0, 3) < 0;
    }

    @Test
    void bceIsBcoWithoutShift() {
        sameLoss(new HeadSpec(Heads.named("bce"), Reduction.SUM, Map.of("beta", 0.1)), HeadSpec.of("bco_pair"));
    }

    @Test
    void mixtureOfBceIsNca() {
        sameLoss(
                new HeadSpec(Heads.named("bce"), Variant.MIXTURE, Reduction.SUM, Map.of("beta", 0.1)),
                HeadSpec.of("nca_pair"));
    }

    @Test
    void robustWithoutSwappedLabelsIsDpo() {
        sameLoss(new HeadSpec(Heads.named("robust"), Reduction.SUM, Map.of("label_smoothing", 0.)), HeadSpec.of("dpo"));
    }

    @Test
    void reverseDivergenceIsDpo() {
        sameLoss(HeadSpec.of("fdpo_reverse_kl"), HeadSpec.of("dpo"));
    }

    private static void sameLoss(HeadSpec one, HeadSpec other) {
        Batch batch = Batch.random(new SplittableRandom(SEED), 6, 8);
        Result a = HeadRunner.run(one, batch);
        Result b = HeadRunner.run(other, batch);
        for (int pair = 0; pair < batch.pairs(); pair++) {
            Close.loss(a.losses()[pair], b.losses()[pair], name(one) + " seed " + SEED);
            Close.gradient(a.gradients()[2 * pair], b.gradients()[2 * pair], name(one) + " chosen, seed " + SEED);
            Close.gradient(a.gradients()[2 * pair + 1], b.gradients()[2 * pair + 1], name(one) + " seed " + SEED);
        }
    }

    /** CPC with one negative: -log(e^f_w / (e^f_w + e^f_l)), by the definition of the softmax. */
    @Test
    void dpoIsContrastivePredictiveCodingWithOneNegative() {
        Batch batch = Batch.random(new SplittableRandom(SEED), 6, 8);
        HeadSpec spec = HeadSpec.of("dpo");
        double[] losses = HeadRunner.run(spec, batch).losses();
        Numbers n = new Numbers(batch, batch.policy(), spec);
        for (int pair = 0; pair < batch.pairs(); pair++) {
            double chosen = Math.exp(n.f(2 * pair));
            double contrast = -Math.log(chosen / (chosen + Math.exp(n.f(2 * pair + 1))));
            Close.loss(losses[pair], contrast, "pair " + pair + " seed " + SEED);
        }
    }

    @Test
    void everyHeadHasItsOwnName() {
        assertThat(Heads.all().stream().map(Head::name)).doesNotHaveDuplicates();
        Map<String, String> formulas = new TreeMap<>();
        Heads.all().forEach(head -> formulas.put(head.name(), head.formula()));
        assertThat(formulas.values()).noneMatch(String::isBlank);
    }
}

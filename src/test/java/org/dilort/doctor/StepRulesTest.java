package org.dilort.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Rules that look at steps alone: a run that each speaks of, at which step and with which number, and one it does not. */
class StepRulesTest {
    private static final int VOCABULARY = 1000; // guessing gives ln 1000 = 6.91 nats a token

    private static List<Remark> watch(Rule rule, LongFunction<FakeStep> steps) {
        return FakeStep.watch(rule, 400, steps);
    }

    /** Fluctuations of a run that goes well, as large as batches make them. */
    private static FakeStep healthy(long number, SplittableRandom random) {
        double progress = Math.min(1, number / 100.0);
        return FakeStep.of(number)
                .loss(0.69 - 0.2 * progress + 0.05 * random.nextGaussian())
                .norm(Math.exp(1 + 0.7 * random.nextGaussian()))
                .rewards(0.05 * random.nextGaussian(), number == 1 ? 0 : -0.5 * progress)
                .accuracy(Math.min(1, 0.5 + 0.2 * progress + 0.06 * random.nextGaussian()))
                .logpChosen(-30 + 5 * random.nextGaussian())
                .saturated(random.nextInt(50) == 0 ? 1.0 / FakeStep.PAIRS : 0)
                .seconds(10 * Math.exp(0.2 * random.nextGaussian()));
    }

    @Test
    void noneSpeaksOfARunThatGoesWell() {
        long seed = 11;
        for (Rule rule : List.of(
                new SaturationRule(),
                new GradientNormRule(),
                new ClippingRule(1),
                new CollapseRule(VOCABULARY, 15),
                new FallingChosenRule(FallingChosenRule.Rewards.RELATIVE_TO_A_REFERENCE),
                new AccuracyRule(50, FakeStep.PAIRS, Movement.MarginAtStart.ZERO),
                new StillMarginRule(50, FakeStep.PAIRS),
                new ThroughputRule())) {
            SplittableRandom random = new SplittableRandom(seed);
            assertThat(watch(rule, step -> healthy(step, random)))
                    .as("%s, seed %d", rule.getClass(), seed)
                    .isEmpty();
        }
    }

    @Test
    void saturation() {
        List<Remark> remarks =
                watch(new SaturationRule(), step -> FakeStep.of(step).saturated(step > 20 ? 0.25 : 0));

        assertOne(remarks, "saturated-head", Severity.WARNING, 22, "head/saturated is 0.0500");
    }

    @Test
    void aFewSaturatedPairsAreWhatTheCapIsFor() {
        assertThat(watch(new SaturationRule(), step -> FakeStep.of(step).saturated(step % 10 == 0 ? 0.4 : 0)))
                .isEmpty();
    }

    @Test
    void speaksAgainOfWhatEndedAndCameBack() {
        List<Remark> remarks =
                watch(new SaturationRule(), step -> FakeStep.of(step).saturated(step <= 50 || step > 250 ? 1 : 0));

        assertThat(remarks).extracting(Remark::step).containsExactly(10L, 251L);
    }

    /** Three great norms make the median of five great. */
    @Test
    void explodingGradient() {
        List<Remark> remarks =
                watch(new GradientNormRule(), step -> FakeStep.of(step).norm(step > 100 ? 60 : 2));

        assertOne(remarks, "exploding-gradient", Severity.WARNING, 103, "grad_norm is 60.0, ");
        assertThat(remarks.get(0).text()).contains("30.0 times the 2.00 of the 50 before");
    }

    @Test
    void singleGreatGradientsAreNoExplosion() {
        assertThat(watch(
                        new GradientNormRule(),
                        step -> step % 4 == 0
                                ? FakeStep.of(step).norm(1e6)
                                : step % 7 == 0 ? FakeStep.of(step).skipped() : FakeStep.of(step)))
                .isEmpty();
    }

    @Test
    void alwaysClipped() {
        List<Remark> remarks =
                watch(new ClippingRule(0.1), step -> FakeStep.of(step).norm(step <= 30 ? 0.5 : 2));

        assertOne(remarks, "always-clipped", Severity.NOTE, 230, "above 1.00 in each of the last 200 steps");
        assertThat(watch(new ClippingRule(Double.POSITIVE_INFINITY), FakeStep::of))
                .isEmpty();
    }

    /** 15 tokens a response: -150 is -10 a token, worse than -6.91 - 1. */
    @Test
    void collapsedPolicy() {
        List<Remark> remarks = watch(
                new CollapseRule(VOCABULARY, 15), step -> FakeStep.of(step).logpChosen(step > 5 ? -150 : -30));

        assertOne(remarks, "collapsed-policy", Severity.WARNING, 15, "logps/chosen is -10.0 per token");
    }

    @Test
    void randomWeightsAreNoCollapse() {
        assertThat(watch(
                        new CollapseRule(VOCABULARY, 15),
                        step -> FakeStep.of(step).logpChosen(-15 * 8 - step % 3)))
                .isEmpty();
    }

    @Test
    void fallingChosenRewards() {
        List<Remark> remarks = watch(
                new FallingChosenRule(FallingChosenRule.Rewards.RELATIVE_TO_A_REFERENCE),
                step -> FakeStep.of(step).rewards(step <= 5 ? 0 : -0.1 * (step - 5), -100));

        // means over 20 steps: -0.1 (step - 5 - 9.5) from step 25 on
        assertThat(remarks).extracting(Remark::severity).containsExactly(Severity.NOTE, Severity.WARNING);
        assertThat(remarks).extracting(Remark::step).containsExactly(20L, 65L);
        assertThat(remarks).allSatisfy(remark -> assertThat(remark.name()).isEqualTo("falling-chosen-log-probability"));
        assertThat(remarks.get(1).text()).startsWith("rewards/chosen is -5.05 over the last 20 steps, 0 at first");
    }

    @Test
    void rewardsWithoutAReferenceSayNothingOfFalling() {
        assertThat(watch(
                        new FallingChosenRule(FallingChosenRule.Rewards.OF_THE_POLICY_ALONE),
                        step -> FakeStep.of(step).rewards(-step, -2 * step)))
                .isEmpty();
    }

    /** 0.5 plus three standard deviations of 50 x 64 guesses: 0.5265. */
    @Test
    void accuracyAtChance() {
        Rule rule = new AccuracyRule(50, FakeStep.PAIRS, Movement.MarginAtStart.ZERO);
        List<Remark> remarks = watch(
                rule, step -> FakeStep.of(step).rewards(step == 1 ? 0 : 0.1, 0).accuracy(step % 2 == 0 ? 0.46 : 0.56));

        assertOne(remarks, "accuracy-at-chance", Severity.WARNING, 150, "rewards/accuracies is 0.510");
        assertThat(remarks.get(0).text()).contains("expected above 0.527");
    }

    @Test
    void accuracyThatRisesFromBelowIsNoChance() {
        Rule rule = new AccuracyRule(50, FakeStep.PAIRS, Movement.MarginAtStart.ANYTHING);
        assertThat(watch(rule, step -> FakeStep.of(step).accuracy(Math.min(0.52, 0.3 + 0.001 * step))))
                .isEmpty();
    }

    @Test
    void aPolicyThatStandsStillIsSaidOnce() {
        LongFunction<FakeStep> still =
                step -> FakeStep.of(step).rewards(1e-8 * (step % 5), 0).accuracy(0.48);

        assertOne(
                watch(new StillMarginRule(50, FakeStep.PAIRS), still),
                "learning-rate-too-small",
                Severity.WARNING,
                60,
                "rewards/margins was never above 4.00e-08 since step 1");
        assertThat(watch(new AccuracyRule(50, FakeStep.PAIRS, Movement.MarginAtStart.ZERO), still))
                .isEmpty();
    }

    /** Above rounding and above chance, but half of the run brought 4e-5. */
    @Test
    void aPolicyThatHardlyMovesIsSaidHalfway() {
        List<Remark> remarks = FakeStep.watch(
                new StillMarginRule(50, FakeStep.PAIRS),
                600,
                step -> FakeStep.of(step).rewards(step == 1 ? 0 : 4e-5, 0));

        assertOne(remarks, "learning-rate-too-small", Severity.WARNING, 500, "never above 4.00e-05");
    }

    @Test
    void aResumedRunWhoseFirstStepWasNotSeenIsNotJudged() {
        Rule rule = new StillMarginRule(50, FakeStep.PAIRS);
        for (long step = 100; step < 900; step++) {
            assertThat(rule.afterStep(
                            FakeStep.of(step).rewards(0, 0).accuracy(0.5).report()))
                    .isEmpty();
        }
    }

    /** 20,000 tokens in 25 s are 800 a second; five such steps take more than a minute. */
    @Test
    void slowSteps() {
        List<Remark> remarks =
                watch(new ThroughputRule(), step -> FakeStep.of(step).seconds(step > 50 ? 25 : 10));

        assertOne(remarks, "slow-steps", Severity.WARNING, 55, "tokens_per_second is 800 over the last 5 steps");
        assertThat(remarks.get(0).text()).contains("expected about the 2.00e+03 of the 50 before");
    }

    @Test
    void shortStepsAndSingleSlowOnesAreNotSlow() {
        assertThat(watch(new ThroughputRule(), step -> FakeStep.of(step).seconds(step > 50 ? 0.3 : 0.1)))
                .isEmpty();
        assertThat(watch(new ThroughputRule(), step -> FakeStep.of(step).seconds(step % 5 == 0 ? 10 : 100)))
                .isEmpty();
    }

    private static void assertOne(List<Remark> remarks, String name, Severity severity, long step, String text) {
        assertThat(remarks).singleElement().satisfies(remark -> {
            assertThat(remark.name()).isEqualTo(name);
            assertThat(remark.severity()).isEqualTo(severity);
            assertThat(remark.step()).isEqualTo(step);
            assertThat(remark.text()).contains(text);
            assertThat(remark.page()).isEqualTo("docs/doctor.md#" + name);
        });
    }
}

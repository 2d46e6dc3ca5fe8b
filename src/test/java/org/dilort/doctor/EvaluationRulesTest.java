package org.dilort.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.train.EvaluationReport;
import org.junit.jupiter.api.Test;

/** Rules that look at evaluations, ten steps apart, the first before any step. */
class EvaluationRulesTest {
    private static final int EVERY = 10;

    private static List<Remark> evaluate(Rule rule, String metric, double[] values, double... trainLosses) {
        List<Remark> remarks = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            for (int step = 1; i > 0 && step <= EVERY; step++) {
                double loss = trainLosses.length == 0 ? 1 : trainLosses[i - 1];
                rule.afterStep(FakeStep.of((long) (i - 1) * EVERY + step)
                                .loss(loss)
                                .report())
                        .ifPresent(remarks::add);
            }
            rule.afterEvaluation(new EvaluationReport((long) i * EVERY, new TreeMap<>(Map.of(metric, values[i]))))
                    .ifPresent(remarks::add);
        }
        return remarks;
    }

    private static List<Remark> chosen(double... logps) {
        return evaluate(
                new FallingChosenRule(FallingChosenRule.Rewards.RELATIVE_TO_A_REFERENCE), "logps/chosen", logps);
    }

    @Test
    void chosenResponsesThatStayLowerAreNotedAndWarnedOf() {
        List<Remark> remarks = chosen(-20, -21, -24, -24, -27, -27);

        assertThat(remarks).extracting(Remark::severity).containsExactly(Severity.NOTE, Severity.WARNING);
        assertThat(remarks).extracting(Remark::step).containsExactly(30L, 50L);
        assertThat(remarks.get(0).text())
                .startsWith("logps/chosen is -24.0 on the held-out pairs, -20.0 at first, expected it to hold or rise")
                .contains("head.name ukl", "{name: sft, weight: 0.2}");
    }

    @Test
    void chosenResponsesThatRecoverOrFallALittleAreNot() {
        assertThat(chosen(-20, -18, -15, -12)).isEmpty();
        assertThat(chosen(-20, -24, -19, -24, -19)).isEmpty();
        assertThat(chosen(-20, -21.9, -21.9, -21.9)).isEmpty();
        assertThat(chosen(-0.3, -0.39, -0.39, -0.39)).isEmpty();
    }

    /** The rewards of training fall, but the held-out pairs say that nothing is amiss. */
    @Test
    void heldOutPairsCountForMoreThanTrainingRewards() {
        FallingChosenRule rule = new FallingChosenRule(FallingChosenRule.Rewards.RELATIVE_TO_A_REFERENCE);
        rule.afterEvaluation(new EvaluationReport(0, new TreeMap<>(Map.of("logps/chosen", -20.0))));
        rule.afterEvaluation(new EvaluationReport(1, new TreeMap<>(Map.of("logps/chosen", -20.0))));

        assertThat(FakeStep.watch(rule, 100, step -> FakeStep.of(step).rewards(-step, -2 * step)))
                .isEmpty();
    }

    private static List<Remark> losses(double[] held, double... trained) {
        return evaluate(new OverfittingRule(), "loss", held, trained);
    }

    /** Gained 0.4 by step 20; 0.04 of it lost counts, twice in a row. */
    @Test
    void overfitting() {
        List<Remark> remarks = losses(new double[] {0.7, 0.5, 0.3, 0.33, 0.36, 0.4}, 0.6, 0.5, 0.4, 0.3, 0.2);

        assertThat(remarks).singleElement().satisfies(remark -> {
            assertThat(remark.name()).isEqualTo("overfitting");
            assertThat(remark.severity()).isEqualTo(Severity.WARNING);
            assertThat(remark.step()).isEqualTo(50);
            assertThat(remark.text())
                    .startsWith("eval_loss is 0.400 and rising, 0.300 at step 20, while the training loss fell from"
                            + " 0.500 to 0.200");
        });
    }

    @Test
    void aRunThatNeverGainedOverfitsToo() {
        List<Remark> remarks = losses(new double[] {0.7, 0.9, 1.2, 1.5}, 0.6, 0.5, 0.4);

        assertThat(remarks).extracting(Remark::step).containsExactly(20L);
        assertThat(remarks.get(0).text()).contains("0.700 at step 0");
    }

    @Test
    void risingTogetherOrALittleIsNoOverfitting() {
        assertThat(losses(new double[] {0.7, 0.3, 0.5, 0.6, 0.7}, 0.5, 0.6, 0.7, 0.8))
                .isEmpty();
        assertThat(losses(new double[] {0.7, 0.3, 0.33, 0.33, 0.33}, 0.5, 0.4, 0.3, 0.2))
                .isEmpty();
        assertThat(losses(new double[] {0.7, 0.3, 0.5, 0.29, 0.5, 0.28}, 0.5, 0.4, 0.3, 0.2, 0.1))
                .isEmpty();
        assertThat(losses(new double[] {-0.5, -1.2, -1.5, -1.7, -1.72, -1.73}, -0.5, -1, -1.5, -1.6, -1.7))
                .isEmpty();
    }
}

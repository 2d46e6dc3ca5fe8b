package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.dilort.runtime.MicroBatch;
import org.dilort.train.LoopSettings.NonFinitePairs;
import org.dilort.train.ScheduleSettings.Shape;
import org.junit.jupiter.api.Test;

/** Pairs whose loss is not finite: prompt token 667 of a {@link QuadraticPolicy}. */
class NonFinitePairsTest {
    private static final long SKIPPED = QuadraticPolicy.SKIPPED;
    private final List<StepReport> reports = new ArrayList<>();

    /** One step of two micro-batches for each row of prompt tokens, the second batch of one pair. */
    private record Prompts(long[][] tokens) implements StepSource {
        @Override
        public long steps() {
            return tokens.length;
        }

        @Override
        public Step step(long number) {
            long[] row = tokens[(int) number - 1];
            List<MicroBatch> batches = List.of(Fakes.pairs(3, row[0], row[1]), Fakes.pairs(3, row[2]));
            return new Step(number, (double) number / tokens.length, batches, 1, 1);
        }
    }

    private void run(QuadraticPolicy policy, NonFinitePairs reaction, long[]... tokens) {
        Schedule schedule = new Schedule(new ScheduleSettings(Shape.CONSTANT, 0.1, 0), tokens.length);
        LoopSettings settings = new LoopSettings(2, reaction);
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                reports.add(report);
            }
        };
        new Trainer(policy, new Prompts(tokens), schedule, settings, System::nanoTime)
                .run(LoopState.start(), List.of(listener), new StopSignal());
    }

    /** w = 0 and tokens 3, 6 of three pairs: the gradient is (-3 - 6) / 3 = -3, so w = 0.3. */
    @Test
    void goesOnWithoutThePair() {
        QuadraticPolicy policy = QuadraticPolicy.fresh();
        run(policy, NonFinitePairs.SKIP, new long[] {3, SKIPPED, 6});
        assertThat(policy.parameter()).isCloseTo(0.3, within(1e-7));
        StepReport report = reports.get(0);
        assertThat(report.update().applied()).isTrue();
        assertThat(report.means().head()).isEqualTo(new HeadShares(0, 1 / 3.0));
        assertThat(report.loss()).isFinite();
    }

    @Test
    void leavesThePolicyAloneWhenNoPairIsLeft() {
        QuadraticPolicy policy = QuadraticPolicy.fresh();
        run(policy, NonFinitePairs.SKIP, new long[] {3, 3, 3}, new long[] {SKIPPED, SKIPPED, SKIPPED});
        assertThat(policy.parameter()).isCloseTo(0.3, within(1e-7));
        StepReport report = reports.get(1);
        assertThat(report.update().applied()).isFalse();
        assertThat(report.state().skippedUpdates()).isEqualTo(1);
    }

    @Test
    void failsWhenNoPairIsLeftAgainAndAgain() {
        long[] none = {SKIPPED, SKIPPED, SKIPPED};
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> run(QuadraticPolicy.fresh(), NonFinitePairs.SKIP, none, none, none))
                .withMessageStartingWith("step 2: the gradient was not finite in 2 steps in a row");
    }

    /** Every pair of {@link Fakes} has the number 0. */
    @Test
    void stopsBeforeAnythingChanges() {
        QuadraticPolicy policy = QuadraticPolicy.fresh();
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> run(policy, NonFinitePairs.STOP, new long[] {3, SKIPPED, 6}))
                .withMessage(
                        "step 1: loss Infinity or its gradient is not finite for pair 0 of the data, rewards 0.0 and"
                                + " 0.0; train.non_finite is stop, expected skip to go on without it, or a smaller head.exp_cap"
                                + " or train.learning_rate");
        assertThat(policy.parameter()).isZero();
        assertThat(reports).isEmpty();
    }
}

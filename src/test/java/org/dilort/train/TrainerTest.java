package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.PairFlags;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.runtime.UpdateResult;
import org.dilort.train.Fakes.Recorder;
import org.dilort.train.Fakes.Reports;
import org.dilort.train.Fakes.Steps;
import org.dilort.train.Fakes.TickingClock;
import org.dilort.train.ScheduleSettings.Shape;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private final Reports reports = new Reports();
    private final StopSignal stop = new StopSignal();

    // Prompts 1, 3 and 1 with w = 0: rewards chosen -1, -3, -1, rejected 0; logps chosen -1, -9, -1; loss (1 + 9 +
    // 1)/6.
    @Test
    void reportsAveragesOverThePairsOfAllMicroBatches() {
        run(QuadraticPolicy.fresh(), new Steps(2), LoopState.start(), List.of(reports));
        StepReport first = reports.steps.get(0);
        PairMeans.ChosenAndRejected means = (PairMeans.ChosenAndRejected) first.means();
        assertThat(first.loss()).isCloseTo(11 / 6.0, within(1e-6));
        assertThat(first.update().gradientNorm()).isCloseTo(5 / 3.0, within(1e-6));
        assertThat(means.rewardChosen()).isEqualTo(-5 / 3.0);
        assertThat(means.rewardRejected()).isZero();
        assertThat(means.margin()).isEqualTo(-5 / 3.0);
        assertThat(means.accuracy()).isZero();
        assertThat(means.logpChosen()).isEqualTo(-11 / 3.0);
        assertThat(means.logpRejected()).isEqualTo(-1);
    }

    @Test
    void reportsPlaceRateTokensAndTime() {
        run(QuadraticPolicy.fresh(), new Steps(4), LoopState.start(), List.of(reports));
        StepReport second = reports.steps.get(1);
        assertThat(second.state()).isEqualTo(new LoopState(2, 2, 0, 0, 0.5, 2 * Steps.TOKENS));
        assertThat(second.steps()).isEqualTo(4);
        assertThat(second.learningRate()).isEqualTo(0.75 * 0.1);
        assertThat(second.seconds()).isEqualTo(0.25);
        assertThat(second.tokensPerSecond()).isEqualTo(4.0 * Steps.TOKENS);
        assertThat(second.computedTokensPerSecond()).isEqualTo(4.0 * Steps.COMPUTED);
    }

    @Test
    void countsAPairAsAccurateOnlyWhenTheChosenRewardIsGreater() {
        float[] rewards = {2, 1, 1, 1, 0, 1, Float.NaN, 0};
        StepSums sums = new StepSums();
        sums.add(new StepResult(0, new float[4], new float[8], rewards, PairFlags.none(4)));
        Step step = new Step(1, 1, List.of(Fakes.pairs(4, 1, 2, 3, 4)), 24, 12);
        assertThat(((PairMeans.ChosenAndRejected) sums.means(step)).accuracy()).isEqualTo(0.25);
    }

    @Test
    void saysNothingOfRejectedResponsesThatTheDataDoesNotHave() {
        StepSums sums = new StepSums();
        sums.add(new StepResult(
                1,
                new float[2],
                new float[] {-3, 0, -5, 0},
                new float[] {1, 0, 2, 0},
                new PairFlags(new float[] {1, 0}, new float[] {0, 0})));
        Step step = new Step(1, 1, List.of(Fakes.chosenOnly(2, 1, 2)), 4, 4);
        assertThat(sums.means(step)).isEqualTo(new PairMeans.ChosenOnly(1.5, -4, new HeadShares(0.5, 0)));
    }

    @Test
    void refusesResultsForOtherThanTheStepsPairs() {
        StepSums sums = new StepSums();
        sums.add(new StepResult(1, new float[1], new float[2], new float[2], PairFlags.none(1)));
        Step step = new Step(7, 1, List.of(Fakes.pairs(2, 1, 2)), 4, 4);
        assertThatIllegalStateException()
                .isThrownBy(() -> sums.means(step))
                .withMessage("step 7: results for 1 pairs, expected 2");
    }

    @Test
    void accumulatesEveryMicroBatchThenUpdatesWithTheScheduledRate() {
        List<String> calls = new ArrayList<>();
        TrainablePolicy policy = new TrainablePolicy() {
            @Override
            public StepResult accumulate(MicroBatch batch) {
                calls.add("accumulate " + batch.pairs());
                int pairs = batch.pairs();
                return new StepResult(
                        0, new float[pairs], new float[2 * pairs], new float[2 * pairs], PairFlags.none(pairs));
            }

            @Override
            public UpdateResult update(double learningRate) {
                calls.add("update " + learningRate);
                return new UpdateResult(1, true);
            }

            @Override
            public void discard() {
                calls.add("discard");
            }

            @Override
            public void save(Path checkpointFile) {
                calls.add("save");
            }

            @Override
            public void close() {
                calls.add("close");
            }
        };
        run(policy, new Steps(2), LoopState.start(), List.of());
        assertThat(calls)
                .containsExactly(
                        "accumulate 2", "accumulate 1", "update 0.1", "accumulate 2", "accumulate 1", "update 0.05");
    }

    @Test
    void callsListenersInTheirOrder() {
        List<String> events = new ArrayList<>();
        Outcome outcome = run(
                QuadraticPolicy.fresh(),
                new Steps(2),
                LoopState.start(),
                List.of(new Recorder("a", events), new Recorder("b", events)));
        assertThat(events)
                .containsExactly(
                        "a start 0", "b start 0", "a step 1", "b step 1", "a step 2", "b step 2", "a end 2", "b end 2");
        assertThat(outcome).isEqualTo(new Outcome.Completed(new LoopState(2, 2, 0, 0, 1, 2 * Steps.TOKENS)));
    }

    @Test
    void goesOnAfterTheStepItStartsFrom() {
        List<String> events = new ArrayList<>();
        LoopState start = new LoopState(3, 2, 1, 0, 0.75, 54);
        Outcome outcome = run(QuadraticPolicy.fresh(), new Steps(4), start, List.of(new Recorder("a", events)));
        assertThat(events).containsExactly("a start 3", "a step 4", "a end 4");
        assertThat(outcome.state()).isEqualTo(new LoopState(4, 3, 1, 0, 1, 72));
    }

    @Test
    void hasNothingToDoAfterTheLastStep() {
        LoopState start = new LoopState(4, 4, 0, 0, 1, 72);
        assertThat(run(QuadraticPolicy.fresh(), new Steps(4), start, List.of(reports)))
                .isEqualTo(new Outcome.Completed(start));
        assertThat(reports.steps).isEmpty();
    }

    @Test
    void finishesTheStepInWhichItIsAskedToStop() {
        TrainingListener asking = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == 2) {
                    stop.request(StopSignal.Cause.SIGTERM);
                    stop.request(StopSignal.Cause.SIGINT);
                }
            }
        };
        Outcome outcome = run(QuadraticPolicy.fresh(), new Steps(9), LoopState.start(), List.of(asking, reports));
        assertThat(reports.steps).hasSize(2);
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Interrupted.class, interrupted -> {
            assertThat(interrupted.state().step()).isEqualTo(2);
            assertThat(interrupted.cause()).isEqualTo(StopSignal.Cause.SIGTERM);
        });
    }

    @Test
    void heedsAWishToStopWhileItRunsAndOnlyThen() {
        List<Boolean> during = new ArrayList<>();
        TrainingListener asking = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                during.add(stop.heeded());
            }

            @Override
            public void onEnd(Outcome outcome) {
                during.add(stop.heeded());
            }
        };
        assertThat(stop.heeded()).isFalse();
        run(QuadraticPolicy.fresh(), new Steps(1), LoopState.start(), List.of(asking));
        assertThat(during).containsExactly(true, true);
        assertThat(stop.heeded()).isFalse();
    }

    @Test
    void doesNoStepWhenAskedToStopBefore() {
        assertThat(stop.request(StopSignal.Cause.SIGINT)).isTrue();
        assertThat(stop.request(StopSignal.Cause.SIGINT)).isFalse();
        assertThat(run(QuadraticPolicy.fresh(), new Steps(9), LoopState.start(), List.of(reports)))
                .isEqualTo(new Outcome.Interrupted(LoopState.start(), StopSignal.Cause.SIGINT));
    }

    @Test
    void countsSkippedUpdatesAndGoesOn() {
        run(QuadraticPolicy.fresh(), new Steps(6, 3, 4), LoopState.start(), List.of(reports));
        assertThat(reports.steps.get(1).update().applied()).isTrue();
        assertThat(reports.steps.get(3).update().applied()).isFalse();
        assertThat(reports.steps.get(3).state()).isEqualTo(new LoopState(4, 2, 2, 2, 4 / 6.0, 4 * Steps.TOKENS));
        assertThat(reports.steps.get(5).state()).isEqualTo(new LoopState(6, 4, 2, 0, 1, 6 * Steps.TOKENS));
    }

    @Test
    void failsAfterTooManySkippedUpdatesInARow() {
        List<String> events = new ArrayList<>();
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> run(
                        QuadraticPolicy.fresh(),
                        new Steps(9, 2, 9),
                        LoopState.start(),
                        List.of(new Recorder("a", events))))
                .withMessage("step 4: the gradient was not finite in 3 steps in a row, expected fewer than 3;"
                        + " try a smaller train.learning_rate or head.exp_cap");
        assertThat(events).endsWith("a step 4");
    }

    @Test
    void refusesAStartBeyondTheRun() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() ->
                        run(QuadraticPolicy.fresh(), new Steps(4), new LoopState(5, 5, 0, 0, 1, 90), List.of(reports)))
                .withMessage("train.resume: the checkpoint is of step 5, expected at most the run's 4 steps");
    }

    @Test
    void refusesAScheduleOfAnotherLength() {
        Schedule schedule = new Schedule(new ScheduleSettings(Shape.LINEAR, 0.1, 0), 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Trainer(
                        QuadraticPolicy.fresh(), new Steps(4), schedule, LoopSettings.defaults(), new TickingClock()))
                .withMessage("schedule of 5 steps, expected the data's 4");
    }

    @Test
    void refusesAStepOutOfOrder() {
        Step third = new Steps(9).step(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoopState.start().after(third, new UpdateResult(1, true)))
                .withMessage("step 3, expected 1");
    }

    @Test
    void refusesAStepWithoutMicroBatches() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Step(4, 1, List.of(), 0, 0))
                .withMessage("step 4: no micro-batch, expected one or more");
    }

    @Test
    void refusesStatesThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoopState(3, 2, 2, 0, 1, 0))
                .withMessage("applied updates 2 and skipped updates 2, expected their sum to be the step 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoopState(3, 2, 1, 2, 1, 0))
                .withMessage("consecutive skips = 2, expected 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoopState(3, 3, 0, 0, Double.NaN, 0))
                .withMessage("epoch = NaN, tokens = 0, expected 0 or more, finite");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoopSettings(0, LoopSettings.NonFinitePairs.SKIP))
                .withMessage("max consecutive skips = 0, expected 1 or more");
    }

    private Outcome run(
            TrainablePolicy policy, StepSource source, LoopState start, List<? extends TrainingListener> listeners) {
        Schedule schedule = new Schedule(new ScheduleSettings(Shape.LINEAR, 0.1, 0), source.steps());
        Trainer trainer = new Trainer(
                policy, source, schedule, new LoopSettings(3, LoopSettings.NonFinitePairs.SKIP), new TickingClock());
        return trainer.run(start, List.copyOf(listeners), stop);
    }
}

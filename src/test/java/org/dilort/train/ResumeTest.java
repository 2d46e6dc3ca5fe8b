package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.dilort.train.Fakes.Steps;
import org.dilort.train.QuadraticPolicy.Killed;
import org.dilort.train.RunFolder.Existing;
import org.dilort.train.ScheduleSettings.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts together: a run that is killed or stopped and resumed ends as one that never was. */
class ResumeTest {
    private static final int STEPS = 13;
    private static final int BATCHES = 2 * STEPS;

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();

    /** What a run leaves. */
    private record Result(double parameter, String metrics, String trainerFile) {}

    @Test
    void aRunKilledAtAnyMicroBatchEndsAsOneThatWasNot() {
        Result expected = finish(temporary.resolve("whole"), Existing.REFUSE);
        for (int batch = 0; batch < BATCHES; batch += 5) {
            Path output = temporary.resolve("killed-" + batch);
            int killedAt = batch;
            assertThatExceptionOfType(Killed.class)
                    .isThrownBy(() -> train(output, Existing.REFUSE, killedAt, new StopSignal()));
            assertThat(finish(output, Existing.RESUME))
                    .as("killed at batch %d", batch)
                    .isEqualTo(expected);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void aRunKilledAgainAndAgainEndsAsOneThatWasNot() {
        Result expected = finish(temporary.resolve("whole"), Existing.REFUSE);
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        Path output = temporary.resolve("killed");
        for (int attempt = 0; attempt < 6; attempt++) {
            runAndPerhapsDie(output, 4 + random.nextInt(9));
        }
        assertThat(finish(output, Existing.RESUME)).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void anInterruptedRunLosesNoStep() {
        Result expected = finish(temporary.resolve("whole"), Existing.REFUSE);
        for (long step = 1; step <= STEPS; step += 4) {
            Path output = temporary.resolve("stopped-" + step);
            StopSignal stop = new StopSignal();
            Outcome outcome = train(output, Existing.REFUSE, Integer.MAX_VALUE, stop, stopAfter(step, stop));
            assertThat(outcome).isInstanceOf(Outcome.Interrupted.class);
            assertThat(newest(output).orElseThrow().state().progress().step()).isEqualTo(step);
            assertThat(finish(output, Existing.RESUME))
                    .as("stopped after %d", step)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aRunWhoseNewestCheckpointIsDamagedGoesOnFromTheOneBefore() throws IOException {
        Result expected = finish(temporary.resolve("whole"), Existing.REFUSE);
        Path output = temporary.resolve("damaged");
        runAndPerhapsDie(output, 2 * 10);
        Path newest = newest(output).orElseThrow().folder();
        assertThat(newest.getFileName()).hasToString("step-00000009");
        Files.writeString(newest.resolve("checkpoint"), "quadratiC");
        assertThat(finish(output, Existing.RESUME)).isEqualTo(expected);
        assertThat(warnings)
                .containsExactly(newest.resolve("checkpoint") + ": content is damaged, its hash is not that of"
                        + " trainer.json; passing over checkpoint step-00000009");
    }

    @Test
    void resumingWithoutACheckpointStartsAnew() {
        Result expected = finish(temporary.resolve("whole"), Existing.REFUSE);
        Path output = temporary.resolve("killed");
        runAndPerhapsDie(output, 3);
        assertThat(newest(output)).isEmpty();
        assertThat(finish(output, Existing.RESUME)).isEqualTo(expected);
        assertThat(finish(temporary.resolve("new"), Existing.RESUME)).isEqualTo(expected);
    }

    @Test
    void resumingAFinishedRunChangesNothing() {
        Path output = temporary.resolve("whole");
        Result expected = finish(output, Existing.REFUSE);
        assertThat(finish(output, Existing.RESUME)).isEqualTo(expected);
    }

    private void runAndPerhapsDie(Path output, int batches) {
        try {
            train(output, Existing.RESUME, batches, new StopSignal());
        } catch (Killed expected) {
            assertThat(expected).isNotNull();
        }
    }

    private Result finish(Path output, Existing existing) {
        Outcome outcome = train(output, existing, Integer.MAX_VALUE, new StopSignal());
        assertThat(outcome).isInstanceOf(Outcome.Completed.class);
        Checkpoint last = newest(output).orElseThrow();
        try {
            return new Result(
                    QuadraticPolicy.load(last.policyFile()).parameter(),
                    Files.readString(output.resolve("metrics.jsonl")),
                    Files.readString(last.folder().resolve("trainer.json")));
        } catch (IOException e) {
            return fail(e);
        }
    }

    private Outcome train(Path output, Existing existing, int batches, StopSignal stop, TrainingListener... more) {
        try (RunFolder run = RunFolder.open(output, existing)) {
            CheckpointFolder checkpoints = CheckpointFolder.open(run.checkpoints(), 2, warnings::add);
            Optional<Checkpoint> latest = checkpoints.latest();
            CheckpointState start =
                    latest.map(Checkpoint::state).orElseGet(() -> CheckpointState.start(Fakes.identity("lsif")));
            QuadraticPolicy policy = latest.map(Checkpoint::policyFile)
                    .map(QuadraticPolicy::load)
                    .orElseGet(QuadraticPolicy::fresh)
                    .killedAtBatch(batches);
            try (MetricsLog metrics = latest.isPresent()
                    ? MetricsLog.resume(run.metrics(), start.progress().step(), warnings::add)
                    : MetricsLog.create(run.metrics())) {
                return loop(policy, checkpoints, start, metrics, stop, more);
            }
        }
    }

    private static Outcome loop(
            QuadraticPolicy policy,
            CheckpointFolder checkpoints,
            CheckpointState start,
            MetricsLog metrics,
            StopSignal stop,
            TrainingListener... more) {
        BestRule rule = new BestRule("distance", BestRule.Goal.LOWEST, 0);
        Checkpointing checkpointing = new Checkpointing(
                checkpoints, policy, new CheckpointSettings(4, List.of(rule)), start, List.of(metrics));
        Evaluator evaluator = step -> new TreeMap<>(Map.of("distance", Math.abs(policy.parameter() - 2)));
        Evaluation evaluation = new Evaluation(evaluator, 3, List.of(metrics, checkpointing));
        List<TrainingListener> listeners = new ArrayList<>(List.of(metrics, evaluation, checkpointing));
        listeners.addAll(List.of(more));
        Steps steps = new Steps(STEPS, 8, 9);
        Schedule schedule = new Schedule(new ScheduleSettings(Shape.COSINE, 0.05, 0.1), STEPS);
        Trainer trainer = new Trainer(policy, steps, schedule, LoopSettings.defaults(), new Fakes.TickingClock());
        return trainer.run(start.progress(), listeners, stop);
    }

    private static TrainingListener stopAfter(long step, StopSignal stop) {
        return new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == step) {
                    stop.request(StopSignal.Cause.SIGINT);
                }
            }
        };
    }

    private Optional<Checkpoint> newest(Path output) {
        return CheckpointFolder.open(output.resolve("checkpoints"), 2, warnings::add)
                .latest();
    }
}

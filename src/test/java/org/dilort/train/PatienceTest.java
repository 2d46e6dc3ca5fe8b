package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.train.BestRule.Goal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatienceTest {
    private static final BestRule ACCURACY = new BestRule("accuracy", Goal.HIGHEST, 0.05);

    @TempDir
    private Path folder;

    /** Values of the evaluations after steps 2, 4, 6, and so on. */
    private Outcome run(LoopState start, CheckpointFolder checkpoints, double... values) {
        QuadraticPolicy policy = QuadraticPolicy.fresh();
        CheckpointState from = checkpoints
                .latest()
                .map(Checkpoint::state)
                .orElseGet(() -> CheckpointState.start(Fakes.identity("lsif")));
        Checkpointing checkpointing =
                new Checkpointing(checkpoints, policy, new CheckpointSettings(100, List.of(ACCURACY)), from, List.of());
        Patience patience = new Patience(ACCURACY, 2, 2, from.best());
        Evaluator evaluator = step -> new TreeMap<>(Map.of("accuracy", values[(int) step / 2 - 1]));
        Evaluation evaluation = new Evaluation(evaluator, 2, List.of(patience, checkpointing));
        Schedule schedule = new Schedule(new ScheduleSettings(ScheduleSettings.Shape.CONSTANT, 0.1, 0), 20);
        return new Trainer(policy, new Fakes.Steps(20), schedule, LoopSettings.defaults(), new Fakes.TickingClock())
                .run(start, List.of(evaluation, patience, checkpointing), new StopSignal());
    }

    private CheckpointFolder checkpoints(int keep) {
        return CheckpointFolder.open(folder, keep, line -> {});
    }

    /** 0.54 is not 0.05 better than 0.5, 0.56 is; then 0.57 and 0.4 are the two that end it, after step 10. */
    @Test
    void endsAfterSoManyEvaluationsWithoutABetterOne() {
        Outcome outcome = run(LoopState.start(), checkpoints(1), 0.5, 0.54, 0.56, 0.57, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9);
        assertThat(outcome).isInstanceOf(Outcome.Completed.class);
        assertThat(outcome.state().step()).isEqualTo(10);
        CheckpointState last = checkpoints(1).latest().orElseThrow().state();
        assertThat(last.progress().step()).isEqualTo(10);
        assertThat(last.best()).containsExactly(Map.entry("accuracy", new Best(0.56, 6)));
    }

    /** One checkpoint is kept, the newest, and that of the best evaluation beside it. */
    @Test
    void theBestCheckpointIsKept() {
        run(LoopState.start(), checkpoints(1), 0.5, 0.54, 0.56, 0.57, 0.4);
        List<String> names = new ArrayList<>();
        for (Path path : List.of(folder.toFile().listFiles()).stream()
                .map(file -> file.toPath())
                .toList()) {
            names.add(path.getFileName().toString());
        }
        assertThat(names).containsExactlyInAnyOrder("step-00000006", "step-00000010");
        assertThat(checkpoints(1).at(6).state().progress().step()).isEqualTo(6);
        assertThatThrownBy(() -> checkpoints(1).at(4))
                .hasMessage(folder.resolve("step-00000004")
                        + ": there is no such checkpoint, expected that of the best evaluation");
    }

    /** From the checkpoint that the run ended with, and from any one before it, it ends after the same step. */
    @Test
    void aResumedRunEndsAtTheSameStep() {
        double[] values = {0.5, 0.54, 0.56, 0.57, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9};
        Outcome whole = run(LoopState.start(), checkpoints(1), values);
        assertThat(run(whole.state(), checkpoints(1), values).state()).isEqualTo(whole.state());
        for (long step = 0; step <= 10; step++) {
            SortedMap<String, Best> best = new TreeMap<>();
            Patience patience = new Patience(ACCURACY, 2, 2, best);
            for (int i = 0; i < step / 2; i++) {
                EvaluationReport report =
                        new EvaluationReport(2L * (i + 1), new TreeMap<>(Map.of("accuracy", values[i])));
                patience.onEvaluation(report);
                best = ACCURACY.apply(best, report);
            }
            Patience resumed = new Patience(ACCURACY, 2, 2, best);
            LoopState state = new LoopState(step, step, 0, 0, 0, 0);
            patience.onStart(state);
            resumed.onStart(state);
            assertThat(resumed.hasEnough()).as("step %d", step).isEqualTo(patience.hasEnough());
            assertThat(resumed.hasEnough()).as("step %d", step).isEqualTo(step == 10);
        }
    }

    @Test
    void aMetricThatIsNeverANumberIsNoReasonToGoOn() {
        Outcome outcome = run(LoopState.start(), checkpoints(1), Double.NaN, Double.NaN, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(outcome.state().step()).isEqualTo(4);
    }

    @Test
    void refusesToWaitForNothing() {
        assertThatThrownBy(() -> new Patience(ACCURACY, 0, 5, new TreeMap<>()))
                .hasMessage("patience of 0 evaluations every 5 steps, expected 1 or more of both");
    }
}

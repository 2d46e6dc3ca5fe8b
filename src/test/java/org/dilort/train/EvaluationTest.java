package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.train.BestRule.Goal;
import org.dilort.train.Fakes.Recorder;
import org.dilort.train.Fakes.TickingClock;
import org.dilort.train.ScheduleSettings.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private final List<String> events = new ArrayList<>();

    @TempDir
    private Path temporary;

    @Test
    void evaluatesEverySoManyStepsAndAfterTheLast() {
        assertThat(evaluatedSteps(3, 8)).containsExactly("a evaluation 3", "a evaluation 6", "a evaluation 8");
        assertThat(evaluatedSteps(4, 8)).containsExactly("a evaluation 4", "a evaluation 8");
        assertThat(evaluatedSteps(Long.MAX_VALUE, 8)).containsExactly("a evaluation 8");
    }

    @Test
    void evaluatesBeforeARun() {
        Evaluation evaluation = new Evaluation(
                step -> metrics("loss", 0.5), 3, List.of(new Recorder("a", events), new Recorder("b", events)));
        assertThat(evaluation.evaluate(0)).isEqualTo(new EvaluationReport(0, metrics("loss", 0.5)));
        assertThat(events).containsExactly("a evaluation 0", "b evaluation 0");
    }

    @Test
    void comesBeforeTheCheckpointOfItsStep() {
        QuadraticPolicy policy = QuadraticPolicy.fresh();
        CheckpointFolder folder = CheckpointFolder.open(temporary, 9, events::add);
        Recorder recorder = new Recorder("a", events);
        CheckpointSettings settings = new CheckpointSettings(2, List.of(new BestRule("loss", Goal.LOWEST, 0)));
        Checkpointing checkpointing = new Checkpointing(
                folder, policy, settings, CheckpointState.start(Fakes.identity("lsif")), List.of(recorder));
        Evaluation evaluation = new Evaluation(step -> metrics("loss", 0.5), 2, List.of(recorder, checkpointing));
        run(policy, 3, List.of(recorder, evaluation, checkpointing));
        assertThat(events)
                .containsExactly(
                        "a start 0",
                        "a step 1",
                        "a step 2",
                        "a evaluation 2",
                        "a checkpoint 2",
                        "a step 3",
                        "a evaluation 3",
                        "a end 3",
                        "a checkpoint 3");
        assertThat(folder.latest().orElseThrow().state().best())
                .containsExactlyEntriesOf(Map.of("loss", new Best(0.5, 2)));
    }

    @Test
    void keepsTheBestOfAMetric() {
        BestRule highest = new BestRule("accuracy", Goal.HIGHEST, 0);
        BestRule lowest = new BestRule("loss", Goal.LOWEST, 0);
        SortedMap<String, Best> best = new TreeMap<>();
        double[] values = {0.5, 0.75, 0.75, 0.25, Double.NaN, Double.POSITIVE_INFINITY};
        for (int step = 0; step < values.length; step++) {
            SortedMap<String, Double> metrics = metrics("accuracy", values[step]);
            metrics.put("loss", values[step]);
            EvaluationReport report = new EvaluationReport(step, metrics);
            best = lowest.apply(highest.apply(best, report), report);
        }
        assertThat(best).containsOnly(Map.entry("accuracy", new Best(0.75, 1)), Map.entry("loss", new Best(0.25, 3)));
    }

    @Test
    void hasNoBestOfAMetricThatIsNotThere() {
        SortedMap<String, Best> best = new BestRule("loss", Goal.LOWEST, 0)
                .apply(new TreeMap<>(), new EvaluationReport(1, metrics("accuracy", 1)));
        assertThat(best).isEmpty();
    }

    @Test
    void refusesToActEveryZeroSteps() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Evaluation(step -> metrics("loss", 1), 0, List.of()))
                .withMessage("evaluation every 0 steps, expected 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckpointSettings(0, List.of()))
                .withMessage("checkpoint every 0 steps, expected 1 or more");
    }

    private List<String> evaluatedSteps(long every, long steps) {
        events.clear();
        Evaluation evaluation = new Evaluation(step -> metrics("loss", 0.5), every, List.of(new Recorder("a", events)));
        run(QuadraticPolicy.fresh(), steps, List.of(evaluation));
        return List.copyOf(events);
    }

    private static void run(QuadraticPolicy policy, long steps, List<TrainingListener> listeners) {
        Schedule schedule = new Schedule(new ScheduleSettings(Shape.CONSTANT, 0.1, 0), steps);
        new Trainer(policy, new Fakes.Steps(steps), schedule, LoopSettings.defaults(), new TickingClock())
                .run(LoopState.start(), listeners, new StopSignal());
    }

    private static SortedMap<String, Double> metrics(String name, double value) {
        return new TreeMap<>(Map.of(name, value));
    }
}

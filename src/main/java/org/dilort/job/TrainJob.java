package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.config.BestConfig;
import org.dilort.config.Config;
import org.dilort.config.ConfigWriter;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.report.Headline;
import org.dilort.runtime.LogProbModel;
import org.dilort.train.Checkpoint;
import org.dilort.train.Outcome;
import org.dilort.train.RunFolder;
import org.dilort.train.StopSignal;
import org.dilort.train.TrainingListener;

/** {@code dil-ort train}: from a model folder and preference data to an aligned model, as the configuration says. */
public final class TrainJob {
    /** So many are laid out beforehand to tell how well they pack. */
    private static final int PACKED_STEPS = 10;

    /** Share of greedy answers that are right. */
    private static final String ANSWERS = Headline.ANSWERS.metric();

    private final RunContext run;
    private final DataSets data;
    private final References references;
    private final String template;

    private TrainJob(RunContext run) {
        this.run = run;
        this.data = DataSets.load(
                run.config(), run.settings(), run.start().model().size().vocabulary(), run.output());
        run.output()
                .line(data.packing(run.config(), run.settings(), PACKED_STEPS).summary());
        this.references = new References(run);
        this.template = TemplateChoice.ofTheUser(run.config());
    }

    /** Runs to the end, or to where {@code stop} asks; a run that was stopped can be resumed. */
    public static Outcome run(Config config, JobOutput output, StopSignal stop) {
        return run(config, output, stop, List.of());
    }

    /** @param more listeners that come before the run's own checkpoints */
    static Outcome run(Config config, JobOutput output, StopSignal stop, List<TrainingListener> more) {
        ConfigCheck.run(config);
        try (RunFolder folder = RunFolder.open(config.output(), existing(config))) {
            return run(config, output, folder, stop, more);
        }
    }

    static RunFolder.Existing existing(Config config) {
        return config.train().resume() ? RunFolder.Existing.RESUME : RunFolder.Existing.REFUSE;
    }

    private static Outcome run(
            Config config, JobOutput output, RunFolder folder, StopSignal stop, List<TrainingListener> more) {
        ChosenDevice device = ChosenDevice.of(config);
        try (StartingModel start = StartingModel.open(config);
                Tuning tuning = Tuning.of(config, start, folder.artifacts())) {
            RunSettings settings = RunSettings.of(config, tuning.model(), device);
            start.note().ifPresent(output::line);
            TrainJob job = new TrainJob(new RunContext(config, output, folder, start, tuning, settings));
            output.line(device.note());
            return job.train(stop, more);
        } catch (RuntimeException e) {
            folder.abandon(output::warn);
            throw e;
        }
    }

    private Outcome train(StopSignal stop, List<TrainingListener> more) {
        TrainingRun training = TrainingRun.prepare(run, references.identity(), data.train());
        writeConfig();
        try (Monitors monitors = Monitors.open(run, System.getenv())) {
            return train(training, monitors, stop, more);
        }
    }

    private Outcome train(TrainingRun training, Monitors monitors, StopSignal stop, List<TrainingListener> more) {
        ReferenceScores trainReferences = references.of("data.train", data.train());
        Optional<HeldOut> heldOut = heldOut();
        Optional<GreedyAnswers> answers = answers(training.begun());
        SortedMap<String, Double> before = heldOut.map(this::measureStart).orElseGet(TreeMap::new);
        answers.ifPresent(questions -> before.put(ANSWERS, questions.atStart()));
        requireMetric(before);
        RunStory story = RunStory.begin(run, training.steps(), data.notes(), before);
        Optional<TrainingRun.Watched> watched =
                heldOut.map(set -> new TrainingRun.Watched(before, measure(set, answers)));
        TrainingRun.Result result = training.run(trainReferences, watched, monitors.listeners(), stop, more);
        if (result.outcome() instanceof Outcome.Interrupted) {
            story.interrupted(result.heldOut());
            return result.outcome();
        }
        Checkpoint delivered = training.delivered();
        tellOfDelivery(
                delivered.state().progress().step(), result.outcome().state().step(), training.steps());
        new Delivery(run).write(delivered.policyFile(), template, result.proof());
        SortedMap<String, Double> after = measureEnd(result, delivered, heldOut, answers);
        BeforeAndAfter.table(before, after).forEach(run.output()::line);
        story.completed(after);
        return result.outcome();
    }

    /** The run's last evaluation, or one of the weights that are handed over where those are older. */
    private SortedMap<String, Double> measureEnd(
            TrainingRun.Result result,
            Checkpoint delivered,
            Optional<HeldOut> heldOut,
            Optional<GreedyAnswers> answers) {
        long step = delivered.state().progress().step();
        SortedMap<String, Double> after = new TreeMap<>(result.heldOut());
        if (step != result.outcome().state().step()) {
            heldOut.ifPresent(set -> after.putAll(measure(set, Optional.empty(), step, delivered.policyFile())));
        }
        answers.ifPresent(questions -> after.put(ANSWERS, questions.atEnd(step, delivered.policyFile())));
        return after;
    }

    private SortedMap<String, Double> measure(HeldOut heldOut, Optional<GreedyAnswers> answers, long step, Path state) {
        try (CheckpointReader weights = CheckpointReader.open(state)) {
            return measure(heldOut, answers).of(step, weights);
        }
    }

    /** A run that is judged by what it does not measure would keep its first checkpoint for ever. */
    private void requireMetric(SortedMap<String, Double> before) {
        BestConfig best = run.config().eval().best();
        boolean measured = before.containsKey(best.metric())
                && (!best.metric().equals(ANSWERS)
                        || run.config().eval().generate().everyEvaluation());
        if (best.enabled() && !measured) {
            throw new ConfigException("eval.best.metric: got \"" + best.metric() + "\", expected one of "
                    + String.join(", ", before.keySet()) + "; " + ANSWERS
                    + " needs eval.generate.every_evaluation");
        }
    }

    private void tellOfDelivery(long delivered, long last, long steps) {
        BestConfig best = run.config().eval().best();
        if (last < steps) {
            run.output()
                    .line("ended early after step " + last + " of " + steps + ": eval_" + best.metric()
                            + " did not improve in " + best.patience().value() + " evaluations");
        }
        if (delivered < last) {
            run.output()
                    .line("delivering the checkpoint of step " + delivered + ", which has the best eval_"
                            + best.metric());
        }
    }

    private Optional<GreedyAnswers> answers(long begun) {
        return run.config().eval().generate().enabled() ? Optional.of(new GreedyAnswers(run, begun)) : Optional.empty();
    }

    private PolicyEvaluator.Measure measure(HeldOut heldOut, Optional<GreedyAnswers> answers) {
        boolean answering = run.config().eval().generate().everyEvaluation();
        return (step, weights) -> {
            Tuning.Stored stored = run.tuning().at(weights);
            SortedMap<String, Double> metrics;
            try (LogProbModel model = run.scorer(stored)) {
                metrics = heldOut.measure(model);
            }
            if (answering) {
                answers.ifPresent(questions -> metrics.put(ANSWERS, questions.at(step, stored)));
            }
            return metrics;
        };
    }

    private Optional<HeldOut> heldOut() {
        List<TokenizedPair> pairs = data.eval();
        return pairs.isEmpty()
                ? Optional.empty()
                : Optional.of(new HeldOut(
                        pairs,
                        data.named(),
                        references.of("data.eval", pairs),
                        run.packer(),
                        run.settings().objective()));
    }

    private SortedMap<String, Double> measureStart(HeldOut heldOut) {
        try (LogProbModel model = run.atStart(run::scorer)) {
            return heldOut.measure(model);
        }
    }

    private void writeConfig() {
        try {
            ConfigWriter.write(run.config(), run.folder().config());
        } catch (IOException e) {
            throw new UncheckedIOException(run.folder().config() + ": cannot be written", e);
        }
    }
}

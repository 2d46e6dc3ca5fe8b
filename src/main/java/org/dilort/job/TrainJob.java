package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.config.ConfigWriter;
import org.dilort.config.Interval;
import org.dilort.config.ReferenceModel;
import org.dilort.data.Packer;
import org.dilort.data.StepSampler;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.OrtScorer;
import org.dilort.train.Checkpoint;
import org.dilort.train.CheckpointFolder;
import org.dilort.train.CheckpointSettings;
import org.dilort.train.CheckpointState;
import org.dilort.train.Checkpointing;
import org.dilort.train.Evaluation;
import org.dilort.train.LoopSettings;
import org.dilort.train.MetricsLog;
import org.dilort.train.NanoClock;
import org.dilort.train.Outcome;
import org.dilort.train.ProgressLine;
import org.dilort.train.RunFolder;
import org.dilort.train.Schedule;
import org.dilort.train.StopSignal;
import org.dilort.train.Trainer;
import org.dilort.train.TrainingListener;
import org.dilort.weights.WeightSource;

/** {@code dil-ort train}: from a model folder and preference data to an aligned model, as the configuration says. */
public final class TrainJob {
    private static final String SCRATCH = ".evaluation";

    private final Config config;
    private final JobOutput output;
    private final RunFolder folder;
    private final StartingModel start;
    private final RunSettings settings;
    private final DataSets data;
    private final Packer packer;
    private final TrainingArtifacts artifacts;

    private TrainJob(Config config, JobOutput output, RunFolder folder, StartingModel start) {
        this.config = config;
        this.output = output;
        this.folder = folder;
        this.start = start;
        this.settings = RunSettings.of(config, start.model().size());
        this.data = DataSets.load(config, settings, start.model().size().vocabulary(), output);
        this.packer = new Packer(settings.packing());
        this.artifacts = new TrainingArtifacts(folder.artifacts());
    }

    /** Runs to the end, or to where {@code stop} asks; a run that was stopped can be resumed. */
    public static Outcome run(Config config, JobOutput output, StopSignal stop) {
        RunFolder.Existing existing = config.train().resume() ? RunFolder.Existing.RESUME : RunFolder.Existing.REFUSE;
        try (RunFolder folder = RunFolder.open(config.output(), existing);
                StartingModel start = StartingModel.open(config)) {
            return new TrainJob(config, output, folder, start).train(stop);
        }
    }

    private Outcome train(StopSignal stop) {
        StepSampler sampler = sampler();
        long steps = config.train().maxSteps().exists()
                ? config.train().maxSteps().value()
                : config.train().epochs() * sampler.stepsPerEpoch();
        CheckpointFolder checkpoints = CheckpointFolder.open(
                folder.checkpoints(), config.train().keepCheckpoints().orElse(Integer.MAX_VALUE), output::warn);
        Optional<Checkpoint> latest = checkpoints.latest();
        CheckpointState fresh = CheckpointState.start(Identity.of(config, settings, start.hash(), data.train(), steps));
        CheckpointState from = latest.map(Checkpoint::state).orElse(fresh);
        from.run().requireSame(fresh.run(), folder.folder());
        writeConfig();
        prepareArtifacts(latest.isPresent());
        PreferenceSteps source =
                new PreferenceSteps(data.train(), reference("data.train", data.train()), sampler, packer, steps);
        Path state = latest.map(Checkpoint::policyFile).orElse(artifacts.checkpoint());
        Optional<HeldOut> heldOut = heldOut();
        SortedMap<String, Double> before = heldOut.map(this::measureStart).orElseGet(TreeMap::new);
        LastEvaluation last = new LastEvaluation();
        try (OrtPolicy policy = openPolicy(state, from.progress().appliedUpdates());
                MetricsLog metrics = openMetrics(latest.isPresent(), from);
                ProgressLine progress = openProgress()) {
            List<TrainingListener> recorders = List.of(metrics, progress, last);
            List<TrainingListener> listeners = new ArrayList<>(recorders);
            heldOut.ifPresent(set -> listeners.add(evaluation(policy, set, recorders)));
            listeners.add(new Checkpointing(
                    checkpoints,
                    policy,
                    new CheckpointSettings(steps(config.train().saveEvery()), List.of()),
                    from,
                    recorders));
            Schedule schedule = new Schedule(settings.schedule(), steps);
            Trainer trainer = new Trainer(policy, source, schedule, LoopSettings.defaults(), NanoClock.SYSTEM);
            Outcome outcome = trainer.run(from.progress(), listeners, stop);
            if (outcome instanceof Outcome.Completed) {
                BeforeAndAfter.table(before, last.metrics()).forEach(output::line);
            }
            return outcome;
        }
    }

    private static long steps(Interval interval) {
        return interval.exists() ? interval.steps() : Long.MAX_VALUE;
    }

    private Optional<HeldOut> heldOut() {
        if (data.eval().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HeldOut(data.eval(), reference("data.eval", data.eval()), packer, settings.head()));
    }

    private SortedMap<String, Double> measureStart(HeldOut heldOut) {
        try (LogProbModel model = open(start)) {
            return heldOut.measure(model);
        }
    }

    private Evaluation evaluation(OrtPolicy policy, HeldOut heldOut, List<TrainingListener> told) {
        Path scratch = folder.folder().resolve(SCRATCH);
        PolicyEvaluator evaluator = new PolicyEvaluator(policy, scratch, weights -> scorer(start, weights), heldOut);
        return new Evaluation(evaluator, steps(config.train().evalEvery()), told);
    }

    private StepSampler sampler() {
        StepSampler.Order order = config.train().shuffle() ? StepSampler.Order.SHUFFLED : StepSampler.Order.SEQUENTIAL;
        return new StepSampler(
                data.train().size(), config.train().batchPairs(), config.train().seed(), order);
    }

    private void writeConfig() {
        try {
            ConfigWriter.write(config, folder.config());
        } catch (IOException e) {
            throw new UncheckedIOException(folder.config() + ": cannot be written", e);
        }
    }

    private void prepareArtifacts(boolean resumed) {
        artifacts.writeGraphs(settings.recipe(start.model()));
        if (!resumed) {
            artifacts.writeCheckpoint(start.model(), start.weights());
        }
    }

    /** {@code [pairs * 2]}; zeros for a head that needs no reference. */
    private float[] reference(String what, List<TokenizedPair> pairs) {
        if (!settings.head().head().needsReference()) {
            return new float[2 * pairs.size()];
        }
        ReferencePass pass = new ReferencePass(config.reference().cache(), packer, output);
        if (config.reference().path() instanceof ReferenceModel.Folder other) {
            try (StartingModel model = StartingModel.open(other.path())) {
                return pass.logps(what, pairs, model.hash(), () -> open(model));
            }
        }
        return pass.logps(what, pairs, start.hash(), () -> open(start));
    }

    private LogProbModel open(StartingModel model) {
        if (model.weights() instanceof org.dilort.artifacts.InitialWeights.Pretrained pretrained) {
            return scorer(model, pretrained.source());
        }
        try (CheckpointReader begun = CheckpointReader.open(artifacts.checkpoint())) {
            return scorer(model, begun);
        }
    }

    private OrtScorer scorer(StartingModel model, WeightSource weights) {
        return OrtScorer.open(
                model.model(), weights, settings.graphOptions(model.model().size()), settings.session());
    }

    private OrtPolicy openPolicy(Path checkpoint, long appliedUpdates) {
        return OrtPolicy.open(
                artifacts, checkpoint, settings.optimizer(), settings.longestRow(), appliedUpdates, settings.session());
    }

    private MetricsLog openMetrics(boolean resumed, CheckpointState from) {
        return resumed
                ? MetricsLog.resume(folder.metrics(), from.progress().step(), output::warn)
                : MetricsLog.create(folder.metrics());
    }

    private ProgressLine openProgress() {
        long every =
                config.train().logEvery().exists() ? config.train().logEvery().steps() : Long.MAX_VALUE;
        return new ProgressLine(output.out(), output.style(), every, NanoClock.SYSTEM);
    }
}

package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Interval;
import org.dilort.config.TrainConfig;
import org.dilort.data.ReferenceScores;
import org.dilort.data.StepSampler;
import org.dilort.data.TokenizedPair;
import org.dilort.doctor.Doctor;
import org.dilort.heads.Objective;
import org.dilort.heads.Scope;
import org.dilort.onnx.DType;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.StepHeadPolicy;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.train.Checkpoint;
import org.dilort.train.CheckpointFolder;
import org.dilort.train.CheckpointSettings;
import org.dilort.train.CheckpointState;
import org.dilort.train.Checkpointing;
import org.dilort.train.Evaluation;
import org.dilort.train.EvaluationReport;
import org.dilort.train.LoopSettings;
import org.dilort.train.MetricsLog;
import org.dilort.train.NanoClock;
import org.dilort.train.Outcome;
import org.dilort.train.ProgressLine;
import org.dilort.train.RunIdentity;
import org.dilort.train.Schedule;
import org.dilort.train.StepSource;
import org.dilort.train.StepsAhead;
import org.dilort.train.StopSignal;
import org.dilort.train.Trainer;
import org.dilort.train.TrainingListener;

/** The loop of one run with its listeners, begun anew or gone on with from the newest checkpoint. */
final class TrainingRun {
    private static final String SCRATCH = ".evaluation";
    private static final int PROVED_PAIRS = 16;

    private final RunContext run;
    private final List<TokenizedPair> pairs;
    private final BestEvaluation best;
    private final StepSampler sampler;
    private final long steps;
    private final CheckpointFolder checkpoints;
    private final CheckpointState from;
    private final Path state;
    private final boolean resumed;

    private TrainingRun(RunContext run, String reference, List<TokenizedPair> pairs) {
        this.run = run;
        this.pairs = pairs;
        this.best = new BestEvaluation(run);
        TrainConfig train = run.config().train();
        this.sampler = sampler(train, pairs.size());
        this.steps = train.maxSteps().exists() ? train.maxSteps().value() : train.epochs() * sampler.stepsPerEpoch();
        this.checkpoints = CheckpointFolder.open(
                run.folder().checkpoints(), train.keepCheckpoints().orElse(Integer.MAX_VALUE), run.output()::warn);
        Optional<Checkpoint> latest = checkpoints.latest();
        this.resumed = latest.isPresent();
        this.state = latest.map(Checkpoint::policyFile).orElse(run.artifacts().checkpoint());
        RunIdentity identity = Identity.of(run, reference, pairs, steps);
        this.from = latest.map(Checkpoint::state).orElseGet(() -> CheckpointState.start(identity));
        from.run().requireSame(identity, run.folder().folder());
    }

    /**
     * Writes the artifacts, and finds the checkpoint to go on from; one of another run is refused.
     *
     * @param reference what tells the reference from any other
     */
    static TrainingRun prepare(RunContext run, String reference, List<TokenizedPair> pairs) {
        TrainingRun training = new TrainingRun(run, reference, pairs);
        TrainingArtifacts artifacts = run.artifacts();
        artifacts.writeGraphs(run.recipe());
        if (!training.resumed) {
            Tuning tuning = run.tuning();
            artifacts.writeCheckpoint(tuning.model(), run.settings().optimizer(), tuning.beginning());
        }
        return training;
    }

    static StepSampler sampler(TrainConfig train, int pairs) {
        StepSampler.Order order = train.shuffle() ? StepSampler.Order.SHUFFLED : StepSampler.Order.SEQUENTIAL;
        return new StepSampler(pairs, train.batchPairs(), train.seed(), order);
    }

    /**
     * How a run ended.
     *
     * @param heldOut the last measurement of the held-out set, empty without one
     * @param proof what the training graph says of some pairs at the end; empty for a run that was stopped
     */
    record Result(Outcome outcome, SortedMap<String, Double> heldOut, Delivery.Proof proof) {}

    private Checkpoint last() {
        return checkpoints.latest().orElseThrow(() -> new IllegalStateException("a run ended without a checkpoint"));
    }

    /** The checkpoint whose weights are handed over; there is one once a run has ended. */
    Checkpoint delivered() {
        return best.delivered(checkpoints, last());
    }

    /** The step after which the run begins, or goes on. */
    long begun() {
        return from.progress().step();
    }

    long steps() {
        return steps;
    }

    /**
     * Held-out pairs during a run.
     *
     * @param before what the initial policy made of them
     */
    record Watched(SortedMap<String, Double> before, PolicyEvaluator.Measure measure) {}

    /**
     * Goes through the steps that are left.
     *
     * @param heldOut empty without held-out pairs
     * @param monitors are told of everything
     * @param more come before the checkpoints and are told of the loop alone
     */
    Result run(
            ReferenceScores references,
            Optional<Watched> heldOut,
            List<TrainingListener> monitors,
            StopSignal stop,
            List<TrainingListener> more) {
        PreferenceSteps steps = new PreferenceSteps(pairs, references, sampler, run.packer(), this.steps);
        Schedule schedule = new Schedule(run.settings().schedule(), this.steps);
        LastEvaluation last = new LastEvaluation();
        try (StepsAhead source = new StepsAhead(steps);
                TrainablePolicy policy = openPolicy();
                MetricsLog metrics = openMetrics();
                ProgressLine progress = openProgress();
                Doctor doctor = openDoctor(steps, schedule, progress)) {
            heldOut.ifPresent(set -> doctor.onEvaluation(new EvaluationReport(0, set.before())));
            List<TrainingListener> recorders = joined(List.of(metrics, progress, doctor, last), monitors);
            List<TrainingListener> deciders = new ArrayList<>();
            best.patience(from.best()).ifPresent(deciders::add);
            deciders.add(checkpointing(policy, recorders));
            List<TrainingListener> listeners = new ArrayList<>(recorders);
            heldOut.ifPresent(set -> listeners.add(evaluation(policy, set.measure(), joined(recorders, deciders))));
            listeners.addAll(more);
            listeners.addAll(deciders);
            LoopSettings settings = LoopSettings.defaults()
                    .with(LoopSettings.NonFinitePairs.valueOf(
                            run.config().train().nonFinite().name()));
            Trainer trainer = new Trainer(policy, source, schedule, settings, NanoClock.SYSTEM);
            Outcome outcome = trainer.run(from.progress(), listeners, stop);
            Delivery.Proof proof = outcome instanceof Outcome.Completed
                    ? prove(policy, references)
                    : new Delivery.Proof(List.of(), new float[0]);
            return new Result(outcome, last.metrics(), proof);
        }
    }

    /**
     * The training graph's word on some pairs; the gradient that comes with it is never used. Where it rounds more than
     * the export does, or has later weights, the word of a graph in float.
     */
    private Delivery.Proof prove(TrainablePolicy policy, ReferenceScores references) {
        List<TokenizedPair> some = pairs.subList(0, Math.min(PROVED_PAIRS, pairs.size()));
        DatasetScorer scorer = new DatasetScorer(some, references.first(some.size()), run.packer());
        Checkpoint delivered = delivered();
        if (run.settings().products() == DType.FLOAT && delivered.folder().equals(last().folder())) {
            return new Delivery.Proof(
                    some, scorer.score(batch -> policy.accumulate(batch).policyLogps()));
        }
        try (CheckpointReader trained = CheckpointReader.open(delivered.policyFile());
                LogProbModel model = run.exactScorer(run.tuning().at(trained))) {
            return new Delivery.Proof(some, scorer.score(model::sequenceLogps));
        }
    }

    private TrainablePolicy openPolicy() {
        OrtPolicy policy = OrtPolicy.open(
                run.artifacts(),
                run.recipe(),
                state,
                from.progress().appliedUpdates(),
                run.settings().session());
        Objective objective = run.settings().objective();
        return objective.scope() == Scope.STEP ? new StepHeadPolicy(policy, objective, state) : policy;
    }

    private MetricsLog openMetrics() {
        Path file = run.folder().metrics();
        return resumed ? MetricsLog.resume(file, from.progress().step(), run.output()::warn) : MetricsLog.create(file);
    }

    private Doctor openDoctor(StepSource source, Schedule schedule, ProgressLine progress) {
        RunDoctor doctor = new RunDoctor(run, pairs);
        return resumed
                ? doctor.after(from.progress().step(), schedule, progress)
                : doctor.atBeginning(source, schedule, progress);
    }

    private ProgressLine openProgress() {
        JobOutput output = run.output();
        return new ProgressLine(
                output.out(), output.style(), steps(run.config().train().logEvery()), NanoClock.SYSTEM);
    }

    private static List<TrainingListener> joined(List<TrainingListener> first, List<TrainingListener> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    private Evaluation evaluation(
            TrainablePolicy policy, PolicyEvaluator.Measure measure, List<TrainingListener> told) {
        Path scratch = run.folder().folder().resolve(SCRATCH);
        return new Evaluation(
                new PolicyEvaluator(policy, scratch, measure),
                steps(run.config().train().evalEvery()),
                told);
    }

    private Checkpointing checkpointing(TrainablePolicy policy, List<TrainingListener> told) {
        CheckpointSettings settings =
                new CheckpointSettings(steps(run.config().train().saveEvery()), best.rules());
        return new Checkpointing(checkpoints, policy, settings, from, told);
    }

    private static long steps(Interval interval) {
        return interval.exists() ? interval.steps() : Long.MAX_VALUE;
    }
}

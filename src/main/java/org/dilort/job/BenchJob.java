package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.bench.BenchReport;
import org.dilort.bench.HostLoad;
import org.dilort.bench.PairLengths;
import org.dilort.bench.StepTimes;
import org.dilort.config.Config;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;
import org.dilort.files.TemporaryFolders;
import org.dilort.heads.Objective;
import org.dilort.heads.Scope;
import org.dilort.runtime.CudaSystem;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.Processor;
import org.dilort.runtime.StepHeadPolicy;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;

/**
 * {@code dil-ort bench}: the time of training steps on random pairs of given lengths; nothing of the run is kept. The
 * reference is what the policy says of the pairs at its start.
 */
public final class BenchJob {
    private final Config config;
    private final Plan plan;
    private final RunSettings settings;
    private final ChosenDevice device;
    private final HostLoad load = new HostLoad(Path.of("/proc"));

    private BenchJob(Config config, Plan plan, RunSettings settings, ChosenDevice device) {
        this.config = config;
        this.plan = plan;
        this.settings = settings;
        this.device = device;
    }

    /**
     * What is measured.
     *
     * @param lengths consecutive pairs form steps of {@code train.batch_pairs}
     * @param source where the lengths are from, for the report
     * @param warmup steps that are not timed
     */
    public record Plan(List<PairLengths> lengths, String source, Layout layout, int warmup, int steps) {
        public Plan {
            lengths = List.copyOf(lengths);
        }
    }

    /** A step's micro-batches, with what they hold. */
    private record Batch(List<MicroBatch> microBatches, List<TokenizedPair> pairs) {
        int computedTokens() {
            return microBatches.stream()
                    .mapToInt(batch -> batch.rows() * batch.length())
                    .sum();
        }

        int sequenceTokens() {
            return pairs.stream().mapToInt(TokenizedPair::sequenceTokens).sum();
        }
    }

    public static BenchReport run(Config config, Plan plan) {
        ConfigCheck.run(config);
        ChosenDevice device = ChosenDevice.of(config);
        Path folder = TemporaryFolders.create("bench");
        try (StartingModel start = StartingModel.open(config);
                Tuning tuning = Tuning.of(config, start, folder)) {
            RunSettings settings =
                    RunSettings.of(config, tuning.model(), device).withLayout(layout(tuning, plan));
            return new BenchJob(config, plan, settings, device).measure(tuning, tuning.artifacts(folder));
        } finally {
            delete(folder);
        }
    }

    /** A model that reads plain sequences alone has no other layout. */
    private static Layout layout(Tuning tuning, Plan plan) {
        return tuning.model().readsDocuments() ? plan.layout() : Layout.ROW_PER_SEQUENCE;
    }

    private BenchReport measure(Tuning tuning, TrainingArtifacts artifacts) {
        TrainingArtifacts.Recipe recipe = settings.recipe(tuning.model());
        artifacts.writeGraphs(recipe);
        artifacts.writeCheckpoint(tuning.model(), settings.optimizer(), tuning.beginning());
        try (TrainablePolicy policy = open(artifacts, recipe)) {
            List<Batch> batches = batches(policy, tuning.model().size().vocabulary());
            double first = time(policy, batches.get(0))[2];
            for (int i = 1; i < plan.warmup(); i++) {
                time(policy, batches.get(i % batches.size()));
            }
            return timed(policy, batches, tuning, first);
        }
    }

    private BenchReport timed(TrainablePolicy policy, List<Batch> batches, Tuning tuning, double first) {
        int rounds = Math.max(1, plan.steps() / batches.size());
        int steps = batches.size() == 1 ? plan.steps() : rounds * batches.size();
        List<double[]> times = new ArrayList<>();
        double others = load.othersSeconds();
        double loss = 0;
        for (int i = 0; i < steps; i++) {
            double[] time = time(policy, batches.get(i % batches.size()));
            times.add(time);
            loss = time[3];
        }
        others = load.othersSeconds() - others;
        StepTimes measured = StepTimes.of(times);
        long gpuBytes = device.processor() instanceof Processor.Cuda ? CudaSystem.usedBytes() : 0;
        return new BenchReport(
                new BenchReport.Setting(
                        device.note(),
                        settings.products().name().toLowerCase(Locale.ROOT),
                        settings.session().threads(),
                        plan.source(),
                        settings.packing().layout().name().toLowerCase(Locale.ROOT),
                        settings.objective().name(),
                        tuning.model().parameters().stream()
                                .mapToLong(parameter -> parameter.elements())
                                .sum()),
                new BenchReport.Work(
                        config.train().batchPairs(),
                        batches.stream()
                                .mapToInt(Batch::sequenceTokens)
                                .average()
                                .orElse(0),
                        batches.stream()
                                .mapToInt(Batch::computedTokens)
                                .average()
                                .orElse(0)),
                measured,
                first,
                batches.size() == 1,
                new BenchReport.Resources(
                        load.peakRssMib(),
                        gpuBytes >> 20,
                        others / Arrays.stream(measured.totals()).sum()),
                loss);
    }

    private TrainablePolicy open(TrainingArtifacts artifacts, TrainingArtifacts.Recipe recipe) {
        OrtPolicy policy = OrtPolicy.open(artifacts, recipe, artifacts.checkpoint(), 0, settings.session());
        Objective objective = settings.objective();
        return objective.scope() == Scope.STEP ? new StepHeadPolicy(policy, objective, artifacts.checkpoint()) : policy;
    }

    private List<Batch> batches(TrainablePolicy policy, int vocabulary) {
        int size = config.train().batchPairs();
        if (plan.lengths().size() < size) {
            throw new ConfigException("--lengths: got " + plan.lengths().size() + " pairs, expected at least the "
                    + size + " of train.batch_pairs");
        }
        Random random = new Random(config.train().seed());
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from + size <= plan.lengths().size(); from += size) {
            List<TokenizedPair> pairs = new ArrayList<>();
            for (PairLengths lengths : plan.lengths().subList(from, from + size)) {
                pairs.add(lengths.draw(pairs.size(), vocabulary, random));
            }
            batches.add(batch(policy, pairs));
        }
        return batches;
    }

    private Batch batch(TrainablePolicy policy, List<TokenizedPair> pairs) {
        PackOptions packing = settings.packing();
        Packer packer = new Packer(packing);
        float[] logps = new DatasetScorer(pairs, packer)
                .score(batch -> policy.accumulate(batch).policyLogps());
        policy.discard();
        return new Batch(packer.pack(pairs, ReferenceScores.ofSums(logps)), pairs);
    }

    /** Seconds of accumulation, of the update and of both, and the loss. */
    private double[] time(TrainablePolicy policy, Batch batch) {
        long began = System.nanoTime();
        List<StepResult> results = policy.accumulateStep(batch.microBatches());
        long accumulated = System.nanoTime();
        policy.update(config.train().learningRate());
        long done = System.nanoTime();
        double loss = results.stream().mapToDouble(StepResult::loss).sum();
        return new double[] {(accumulated - began) / 1e9, (done - accumulated) / 1e9, (done - began) / 1e9, loss};
    }

    private static void delete(Path folder) {
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be removed", e);
        }
    }
}

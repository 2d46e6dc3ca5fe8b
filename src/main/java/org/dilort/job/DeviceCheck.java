package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.Sgd;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.bench.PairLengths;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.files.DurableFiles;
import org.dilort.heads.Head;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Scope;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.QueryChunks;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.Processor;
import org.dilort.runtime.SessionSettings;
import org.dilort.runtime.StepHeadPolicy;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.weights.NamedTensors;

/**
 * Holds the training steps of a device against those of the CPU in float: a small model, every head, gradient descent
 * with momentum, so that the change of the weights is made of gradients. In float two steps, which show the optimizer's
 * state; in a narrower type one: products round away a change of the weights as small as this, so the second step's ratio
 * to the reference would be a rounding, which some heads raise to a power.
 *
 * <p>As in a run, each device makes its own reference: its log-probabilities before the step, here moved by fixed
 * amounts so that the heads are not all at their zero.
 */
public final class DeviceCheck implements AutoCloseable {
    private static final int LONGEST_ROW = 64;
    private static final int PAIRS = 6;

    /** The last of them lies beyond every row's end. */
    private static final QueryChunks QUERY_CHUNKS = new QueryChunks(24, 4);

    /** The same for the targets of a micro-batch. */
    private static final Chunks TARGET_CHUNKS = new Chunks(20, 5);

    private record Course(Optimizer optimizer, int steps) {}

    /** So small that the second gradient is all but the first: else it would amplify the first one's rounding. */
    private static final double RATE = 1e-3;

    /** Smaller changes than this part of the whole model's are rounding. */
    private static final double NOISE = 1e-3;

    /** Without clipping, so that the change of the weights is a sum of gradients. */
    private static final Optimizer DESCENT = new Sgd(0.9, Sgd.Look.PLAIN, 0, Double.POSITIVE_INFINITY);

    /** Clips every step, and divides by so much that a gradient near zero is not made a whole step. */
    private static final Optimizer ADAMW = new AdamW(0.9, 0.99, 1e-3, 0.1, 0.01);

    private static final String CONFIG = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64, "intermediate_size": 160,
             "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
             "vocab_size": 211, "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
             "hidden_act": "silu", "tie_word_embeddings": false, "initializer_range": 0.08}
            """;

    private final Path folder;
    private final CausalLm model;
    private final List<TokenizedPair> pairs = new ArrayList<>();
    private final float[] offsets = new float[2 * PAIRS];

    /** @param folder an empty one for files; it is removed on close */
    public DeviceCheck(Path folder) {
        this.folder = folder;
        try {
            Files.writeString(folder.resolve("config.json"), CONFIG);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be written", e);
        }
        this.model = Architectures.of(ConfigJson.read(folder));
        Random random = new Random(1);
        for (int i = 0; i < PAIRS; i++) {
            PairLengths lengths = new PairLengths(3 + i, 2 + 2 * i, 9 - i);
            pairs.add(lengths.draw(i, model.size().vocabulary(), random));
        }
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = (float) (0.3 * random.nextGaussian());
        }
    }

    /**
     * What one head's step gave on the device, against the CPU.
     *
     * @param logps greatest difference of a log-probability sum, relative
     * @param losses likewise of a pair's loss, relative to 1 where the loss is smaller
     * @param gradient distance of the change of all weights, relative to its norm
     * @param parameter the greatest such distance of one parameter
     */
    public record Difference(String head, double logps, double losses, double gradient, double parameter) {

        public boolean within(double tolerance) {
            return logps <= tolerance && losses <= tolerance && gradient <= tolerance;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-22s log-probabilities %.1e, losses %.1e, gradient %.1e, worst parameter %.1e",
                    head,
                    logps,
                    losses,
                    gradient,
                    parameter);
        }
    }

    /** Names of the heads, in order. */
    public static List<String> heads() {
        return Heads.all().stream().map(Head::name).toList();
    }

    /** The step of a head on a processor against that of the CPU in float. */
    public Difference compare(String head, Processor processor, DType products) {
        int steps = products == DType.FLOAT ? 2 : 1;
        return compare(head, Objective.of(HeadSpec.of(head)), new Course(DESCENT, steps), processor, products);
    }

    /** The same with AdamW, its weight decay and its clipping. */
    public Difference compareAdamW(Processor processor, DType products) {
        return compare(ADAMW.name(), Objective.of(HeadSpec.of("dpo")), new Course(ADAMW, 2), processor, products);
    }

    private Difference compare(String name, Objective objective, Course course, Processor processor, DType products) {
        Step expected = step(objective, course, new Processor.Cpu(), DType.FLOAT);
        return difference(name, step(objective, course, processor, products), expected);
    }

    private record Step(float[] logps, float[] losses, Map<String, float[]> changes) {}

    private Step step(Objective objective, Course course, Processor processor, DType products) {
        GraphOptions options = processor
                .tuned(GraphOptions.forBatches(LONGEST_ROW, LONGEST_ROW, model.size())
                        .withProducts(products))
                .withQueryChunks(QUERY_CHUNKS)
                .withChunks(TARGET_CHUNKS);
        TrainingArtifacts.Recipe recipe = new TrainingArtifacts.Recipe(
                model, objective, options, processor.tuned(course.optimizer()), parameter -> true);
        TrainingArtifacts artifacts = new TrainingArtifacts(folder.resolve("artifacts"));
        artifacts.writeGraphs(recipe);
        artifacts.writeCheckpoint(model, course.optimizer(), new InitialWeights.Random(7));
        Path after = folder.resolve("after");
        try (TrainablePolicy policy = open(artifacts, recipe, processor)) {
            float[] logps = logps(policy, ReferenceScores.zeros(PAIRS));
            policy.discard();
            float[] losses = losses(policy, reference(logps));
            policy.update(RATE);
            for (int more = 1; more < course.steps(); more++) {
                losses(policy, reference(logps));
                policy.update(RATE);
            }
            policy.save(after);
            return new Step(logps, losses, changes(artifacts.checkpoint(), after));
        }
    }

    private static TrainablePolicy open(
            TrainingArtifacts artifacts, TrainingArtifacts.Recipe recipe, Processor processor) {
        OrtPolicy policy =
                OrtPolicy.open(artifacts, recipe, artifacts.checkpoint(), 0, new SessionSettings(1, processor));
        return recipe.objective().scope() == Scope.STEP
                ? new StepHeadPolicy(policy, recipe.objective(), artifacts.checkpoint())
                : policy;
    }

    /** Of single tokens the reference says nothing but zeros. */
    private ReferenceScores reference(float[] logps) {
        float[] moved = new float[logps.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = logps[i] + offsets[i];
        }
        List<float[]> tokens = pairs.stream()
                .map(pair -> new float[pair.chosen().length + pair.rejected().length])
                .toList();
        return new ReferenceScores(moved, tokens);
    }

    private float[] logps(TrainablePolicy policy, ReferenceScores references) {
        return gather(policy, references, StepResult::policyLogps, 2);
    }

    private float[] losses(TrainablePolicy policy, ReferenceScores references) {
        return gather(policy, references, StepResult::losses, 1);
    }

    private interface Reading {
        float[] of(StepResult result);
    }

    private float[] gather(TrainablePolicy policy, ReferenceScores references, Reading reading, int width) {
        List<float[]> tokens =
                references.tokens().isEmpty() ? reference(references.sums()).tokens() : references.tokens();
        ReferenceScores whole = new ReferenceScores(references.sums(), tokens);
        List<MicroBatch> batches =
                new Packer(new PackOptions(LONGEST_ROW, LONGEST_ROW, Layout.SHARED_TRUNK)).pack(pairs, whole);
        List<StepResult> results = policy.accumulateStep(batches);
        float[] all = new float[width * PAIRS];
        for (int i = 0; i < batches.size(); i++) {
            int[] indices = batches.get(i).pairIndices();
            for (int j = 0; j < indices.length; j++) {
                System.arraycopy(reading.of(results.get(i)), width * j, all, width * indices[j], width);
            }
        }
        return all;
    }

    private Map<String, float[]> changes(Path before, Path after) {
        try (CheckpointReader old = CheckpointReader.open(before);
                CheckpointReader now = CheckpointReader.open(after)) {
            Map<String, float[]> changes = new HashMap<>();
            for (Parameter parameter : model.parameters()) {
                float[] change = floats(old, parameter);
                float[] updated = floats(now, parameter);
                for (int i = 0; i < change.length; i++) {
                    change[i] -= updated[i];
                }
                changes.put(parameter.name(), change);
            }
            return changes;
        }
    }

    private static float[] floats(NamedTensors tensors, Parameter parameter) {
        float[] all = new float[Math.toIntExact(parameter.elements())];
        int[] at = {0};
        tensors.readFloats(parameter.name(), chunk -> {
            int count = chunk.remaining();
            chunk.get(all, at[0], count);
            at[0] += count;
        });
        return all;
    }

    private static Difference difference(String head, Step actual, Step expected) {
        double whole = 0;
        double wrong = 0;
        for (Map.Entry<String, float[]> entry : expected.changes().entrySet()) {
            whole += squares(entry.getValue());
            wrong += squaredDistance(actual.changes().get(entry.getKey()), entry.getValue());
        }
        double worst = 0;
        for (Map.Entry<String, float[]> entry : expected.changes().entrySet()) {
            double distance = squaredDistance(actual.changes().get(entry.getKey()), entry.getValue());
            worst = Math.max(worst, Math.sqrt(distance / (squares(entry.getValue()) + NOISE * NOISE * whole)));
        }
        return new Difference(
                head,
                greatest(actual.logps(), expected.logps()),
                greatest(actual.losses(), expected.losses()),
                Math.sqrt(wrong / whole),
                worst);
    }

    private static double greatest(float[] actual, float[] expected) {
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
            greatest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(greatest, difference);
        }
        return greatest;
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    @Override
    public void close() {
        try {
            DurableFiles.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be removed", e);
        }
    }
}

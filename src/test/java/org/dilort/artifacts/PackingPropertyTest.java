package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.dilort.autodiff.Form;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.BatchInputs;
import org.dilort.model.QueryChunks;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.runtime.MicroBatch;
import org.dilort.testing.Array;
import org.dilort.testing.Batches;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Any division of pairs into rows and micro-batches gives the loss and the gradients of one batch with a row for each
 * sequence, which is written here by hand.
 */
class PackingPropertyTest {
    private static final long SEED = Long.getLong("dil.seed", 20261129L);
    private static final int ROUNDS = 5;
    private static final int LONGEST_ROW = 64;
    private static final int LONGEST_SEQUENCE = 14;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @ParameterizedTest
    @CsvSource({
        "llama_gqa_tied, lsif, FLOAT, 1e-5",
        "llama_gqa_untied, dpo, FLOAT, 1e-5",
        "llama_rope_llama3, sft, FLOAT, 1e-5",
        "llama_rope_llama3, lsif, DOUBLE, 1e-11",
        "llama_gqa_tied, sft, DOUBLE, 1e-11",
        "mistral_sw5, lsif, FLOAT, 1e-5",
        "mistral_sw5, lsif, DOUBLE, 1e-11",
        "qwen2, dpo, FLOAT, 1e-5",
        "qwen3, lsif, FLOAT, 1e-5",
        "gpt_neox_pythia, dpo, FLOAT, 1e-5",
        "gpt_neox_pythia, lsif, DOUBLE, 1e-11",
        "gpt2, lsif, FLOAT, 1e-5",
        "gpt2, lsif, DOUBLE, 1e-11"
    })
    void packingChangesNothing(String model, String head, DType compute, double tolerance) {
        GoldenModel golden = GoldenModel.load(model);
        Objective spec = Objective.of(HeadSpec.of(head));
        GraphOptions options = new GraphOptions(compute, Form.PLAIN, new Chunks(8, 4), LONGEST_ROW);
        Map<String, Array> weights = golden.weights();
        int vocabulary = golden.model().size().vocabulary();
        GraphOptions inChunks = options.withQueryChunks(new QueryChunks(7, 9));
        try (GraphRunner runner = new GraphRunner(TrainingGraph.withGradientOutputs(golden.model(), spec, options));
                GraphRunner chunked =
                        new GraphRunner(TrainingGraph.withGradientOutputs(golden.model(), spec, inChunks))) {
            for (int round = 0; round < ROUNDS; round++) {
                List<TokenizedPair> pairs = pairs(vocabulary, spec.needsRejected());
                float[] references = references(runner, weights, pairs);
                Map<String, double[]> expected = sum(runner, weights, List.of(plain(pairs, references)));
                PackOptions packing =
                        new PackOptions(5 + random.nextInt(40), 10 + random.nextInt(150), Layout.values()[round % 2]);
                List<MicroBatch> batches = new Packer(packing).pack(pairs, ReferenceScores.ofSums(references));
                Map<String, double[]> actual = sum(
                        chunked, weights, batches.stream().map(Batches::inputs).toList());
                String name =
                        "seed " + SEED + ", round " + round + ", " + packing + ", " + batches.size() + " micro-batches";
                expected.forEach((output, values) -> assertClose(name, output, actual.get(output), values, tolerance));
            }
        }
    }

    private static void assertClose(String name, String output, double[] actual, double[] expected, double tolerance) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        double[] differences = new double[expected.length];
        Arrays.setAll(differences, i -> Math.abs(actual[i] - expected[i]));
        assertThat(Arrays.stream(differences).max().orElseThrow())
                .as("largest difference of %s, whose largest entry is %s; %s", output, largest, name)
                .isLessThanOrEqualTo(tolerance * Math.max(largest, 1e-3));
    }

    private List<TokenizedPair> pairs(int vocabulary, boolean allRejected) {
        List<TokenizedPair> pairs = new ArrayList<>();
        int count = 1 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            boolean rejected = allRejected || random.nextBoolean();
            pairs.add(new TokenizedPair(
                    i,
                    tokens(vocabulary, 6),
                    lead(vocabulary),
                    tokens(vocabulary, 6),
                    rejected ? lead(vocabulary) : new int[0],
                    rejected ? tokens(vocabulary, 6) : new int[0]));
        }
        return pairs;
    }

    /** Mostly none, sometimes one or two tokens before a response that are not scored. */
    private int[] lead(int vocabulary) {
        return random.nextInt(3) > 0 ? new int[0] : tokens(vocabulary, 2);
    }

    private int[] tokens(int vocabulary, int most) {
        return random.ints(1 + random.nextInt(most), 0, vocabulary).toArray();
    }

    /** Near what the policy says, so that no head is in its tails. */
    private float[] references(GraphRunner runner, Map<String, Array> weights, List<TokenizedPair> pairs) {
        Map<String, Array> inputs = new TreeMap<>(weights);
        inputs.putAll(plain(pairs, new float[2 * pairs.size()]));
        double[] logps = runner.run(inputs).get(TrainingGraph.POLICY_LOGPS).values();
        float[] references = new float[logps.length];
        for (int i = 0; i < logps.length; i++) {
            references[i] = (float) (logps[i] + random.nextDouble(-1, 1));
        }
        return references;
    }

    /** Loss and gradients, added up over the batches. */
    private static Map<String, double[]> sum(
            GraphRunner runner, Map<String, Array> weights, List<Map<String, Array>> batches) {
        Map<String, double[]> sums = new TreeMap<>();
        for (Map<String, Array> batch : batches) {
            Map<String, Array> inputs = new TreeMap<>(weights);
            inputs.putAll(batch);
            runner.run(inputs).forEach((name, array) -> {
                if (name.equals(TrainingGraph.LOSS) || name.endsWith(".gradient")) {
                    sums.merge(name, array.values(), PackingPropertyTest::add);
                }
            });
        }
        return sums;
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    private static Map<String, Array> plain(List<TokenizedPair> pairs, float[] references) {
        PlainRows rows = new PlainRows(LONGEST_SEQUENCE);
        double chosenTokens = 0;
        for (int pair = 0; pair < pairs.size(); pair++) {
            TokenizedPair tokens = pairs.get(pair);
            rows.add(tokens.chosenPrompt(), tokens.chosen(), 2 * pair);
            if (tokens.hasRejected()) {
                rows.add(tokens.rejectedPrompt(), tokens.rejected(), 2 * pair + 1);
            }
            chosenTokens += tokens.chosen().length;
        }
        double[] weights = new double[pairs.size()];
        Arrays.fill(weights, 1f / pairs.size());
        Map<String, Array> batch = rows.inputs();
        batch.put(BatchInputs.REFERENCE_LOGPS, new Array(new long[] {pairs.size(), 2}, Batches.doubles(references)));
        batch.put(BatchInputs.PAIR_WEIGHTS, Array.vector(weights));
        batch.put(BatchInputs.STEP_COUNTS, Array.vector(pairs.size(), chosenTokens));
        return batch;
    }
}

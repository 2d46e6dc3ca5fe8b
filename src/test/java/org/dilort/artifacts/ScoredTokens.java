package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.model.BatchInputs;
import org.dilort.runtime.MicroBatch;
import org.dilort.testing.Array;
import org.dilort.testing.Batches;
import org.dilort.testing.reference.ReferenceDecoder;
import org.dilort.testing.reference.TinyConfigs;

/**
 * A few pairs packed into rows, whose scored tokens each count as a sequence of their own: then a graph gives the
 * log-probability of every token, and takes a coefficient for each.
 */
final class ScoredTokens {
    private static final int PAIRS = 3;
    private static final int LONGEST_PART = TinyConfigs.LONGEST_SEQUENCE / 2;

    private static final String COEFFICIENTS = TrainingGraph.coefficient(TrainingGraph.POLICY_LOGPS);

    private final List<int[]> sequences = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final Map<String, Array> inputs = new TreeMap<>();

    /** A scored token, and where its log-probability stands among those of its sequence. */
    private record Target(int sequence, int position) {}

    ScoredTokens(SplittableRandom random, int vocabulary, Layout layout) {
        List<TokenizedPair> pairs = IntStream.range(0, PAIRS)
                .mapToObj(i -> new TokenizedPair(
                        i, tokens(random, vocabulary), tokens(random, vocabulary), tokens(random, vocabulary)))
                .toList();
        PackOptions wholeBatch = new PackOptions(40, 1000, layout);
        MicroBatch batch =
                new Packer(wholeBatch).pack(pairs, ReferenceScores.zeros(PAIRS)).get(0);
        for (int index : batch.pairIndices()) {
            TokenizedPair pair = pairs.get(index);
            Stream.of(pair.chosen(), pair.rejected())
                    .map(response -> joined(pair.trunk(), response))
                    .forEach(sequences::add);
        }
        addTargets(pairs, batch);
        inputs.putAll(Batches.inputs(batch));
        scoreApart(random);
    }

    private static int[] tokens(SplittableRandom random, int vocabulary) {
        return random.ints(1 + random.nextInt(LONGEST_PART), 0, vocabulary).toArray();
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    /** The targets of a sequence come in the order of its tokens. */
    private void addTargets(List<TokenizedPair> pairs, MicroBatch batch) {
        int[] seen = new int[2 * batch.pairs()];
        for (long value : batch.targetSequences()) {
            int sequence = (int) value;
            int trunk = pairs.get(batch.pairIndices()[sequence / 2]).trunk().length;
            targets.add(new Target(sequence, trunk - 1 + seen[sequence]++));
        }
    }

    private void scoreApart(SplittableRandom random) {
        int rows = (targets.size() + 1) / 2;
        double[] own = IntStream.range(0, targets.size()).asDoubleStream().toArray();
        inputs.put(BatchInputs.TARGET_SEQUENCES, Array.vector(own));
        inputs.put(BatchInputs.REFERENCE_LOGPS, new Array(new long[] {rows, 2}, new double[2 * rows]));
        inputs.put(BatchInputs.PAIR_WEIGHTS, Array.vector(new double[rows]));
        inputs.put(COEFFICIENTS, Array.random(random, -1, 1, rows, 2));
    }

    /** For a graph whose loss is the sum of coefficient times log-probability. */
    Map<String, Array> inputs() {
        return new TreeMap<>(inputs);
    }

    /** Of every scored token, in the order of the graph's, from separate sequences. */
    double[] logProbs(ReferenceDecoder decoder) {
        List<double[]> bySequence = sequences.stream().map(decoder::logProbs).toList();
        return targets.stream()
                .mapToDouble(target -> bySequence.get(target.sequence())[target.position()])
                .toArray();
    }

    double weightedSum(ReferenceDecoder decoder) {
        double[] logProbs = logProbs(decoder);
        double[] coefficients = inputs.get(COEFFICIENTS).values();
        return IntStream.range(0, logProbs.length)
                .mapToDouble(i -> coefficients[i] * logProbs[i])
                .sum();
    }
}

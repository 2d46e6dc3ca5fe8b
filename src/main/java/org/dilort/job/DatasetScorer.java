package org.dilort.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dilort.data.Packer;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.MicroBatch;

/** Log-probabilities of a whole data set, in batches of similar length. */
final class DatasetScorer {
    private static final int PAIRS_AT_ONCE = 64;

    private final List<TokenizedPair> pairs;
    private final Packer packer;

    DatasetScorer(List<TokenizedPair> pairs, Packer packer) {
        this.pairs = List.copyOf(pairs);
        this.packer = packer;
    }

    /** Scores one micro-batch: log-probability sums, {@code [pairs * 2]}. */
    interface Model {
        float[] sequenceLogps(MicroBatch batch);
    }

    /** Takes the numbers of some pairs in the list and their values, {@code [n * 2]}. */
    interface Sink {
        void accept(int[] positions, float[] logps);
    }

    /** {@code [pairs * 2]}, chosen then rejected of each pair, in the order of the list. */
    float[] score(Model model) {
        float[] all = new float[2 * pairs.size()];
        int[] positions = new int[pairs.size()];
        Arrays.setAll(positions, i -> i);
        score(model, positions, (some, logps) -> {
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(logps, 2 * i, all, 2 * some[i], 2);
            }
        });
        return all;
    }

    /** Scores the pairs at these positions, the longest first, and hands the values on batch by batch. */
    void score(Model model, int[] positions, Sink sink) {
        Integer[] byLength = Arrays.stream(positions).boxed().toArray(Integer[]::new);
        Arrays.sort(
                byLength, Comparator.comparingInt((Integer i) -> -pairs.get(i).documentTokens()));
        for (int from = 0; from < byLength.length; from += PAIRS_AT_ONCE) {
            int to = Math.min(from + PAIRS_AT_ONCE, byLength.length);
            scoreSome(model, Arrays.copyOfRange(byLength, from, to), sink);
        }
    }

    private void scoreSome(Model model, Integer[] positions, Sink sink) {
        List<TokenizedPair> some = new ArrayList<>();
        Map<Integer, Integer> positionOfIndex = new HashMap<>();
        for (int position : positions) {
            some.add(pairs.get(position));
            positionOfIndex.put((int) pairs.get(position).index(), position);
        }
        for (MicroBatch batch : packer.pack(some)) {
            int[] scored =
                    Arrays.stream(batch.pairIndices()).map(positionOfIndex::get).toArray();
            sink.accept(scored, model.sequenceLogps(batch));
        }
    }
}

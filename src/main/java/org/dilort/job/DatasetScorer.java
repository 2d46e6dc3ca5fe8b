package org.dilort.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.MicroBatch;

/** Scores a whole data set in batches of similar length. */
final class DatasetScorer {
    private static final int PAIRS_AT_ONCE = 64;

    private final List<TokenizedPair> pairs;
    private final ReferenceScores references;
    private final Packer packer;

    DatasetScorer(List<TokenizedPair> pairs, Packer packer) {
        this(pairs, ReferenceScores.zeros(pairs.size()), packer);
    }

    /** @param references in the order of {@code pairs} */
    DatasetScorer(List<TokenizedPair> pairs, ReferenceScores references, Packer packer) {
        this.pairs = List.copyOf(pairs);
        this.references = references;
        this.packer = packer;
    }

    /** Scores one micro-batch: log-probability sums, {@code [pairs * 2]}. */
    interface Model {
        float[] sequenceLogps(MicroBatch batch);
    }

    /** Takes a micro-batch and the numbers of its pairs in the list. */
    interface Sink {
        void accept(int[] positions, MicroBatch batch);
    }

    /** {@code [pairs * 2]}, chosen then rejected of each pair, in the order of the list. */
    float[] score(Model model) {
        float[] all = new float[2 * pairs.size()];
        int[] positions = new int[pairs.size()];
        Arrays.setAll(positions, i -> i);
        forEachBatch(positions, (some, batch) -> {
            float[] logps = model.sequenceLogps(batch);
            for (int i = 0; i < some.length; i++) {
                System.arraycopy(logps, 2 * i, all, 2 * some[i], 2);
            }
        });
        return all;
    }

    /** Lays out the pairs at these positions, the longest first, and hands them on batch by batch. */
    void forEachBatch(int[] positions, Sink sink) {
        Integer[] byLength = Arrays.stream(positions).boxed().toArray(Integer[]::new);
        Arrays.sort(
                byLength, Comparator.comparingInt((Integer i) -> -pairs.get(i).documentTokens()));
        for (int from = 0; from < byLength.length; from += PAIRS_AT_ONCE) {
            int to = Math.min(from + PAIRS_AT_ONCE, byLength.length);
            layOut(Arrays.copyOfRange(byLength, from, to), sink);
        }
    }

    private void layOut(Integer[] positions, Sink sink) {
        List<TokenizedPair> some = new ArrayList<>();
        Map<Integer, Integer> positionOfIndex = new HashMap<>();
        for (int position : positions) {
            some.add(pairs.get(position));
            positionOfIndex.put((int) pairs.get(position).index(), position);
        }
        int[] order = Arrays.stream(positions).mapToInt(Integer::intValue).toArray();
        for (MicroBatch batch : packer.pack(some, references.select(order))) {
            sink.accept(
                    Arrays.stream(batch.pairIndices()).map(positionOfIndex::get).toArray(), batch);
        }
    }
}

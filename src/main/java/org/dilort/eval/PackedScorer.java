package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import org.dilort.artifacts.GraphOptions;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.TokenizedPair;
import org.dilort.model.CausalLm;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtScorer;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.WeightSource;

/**
 * Scores with the graph of training's forward pass: pairs share their prompt's computation, and short ones a row. A
 * session is opened for the longest pair of each call and kept while it serves.
 */
final class PackedScorer implements SequenceScorer {
    private static final PackOptions PACKING = new PackOptions(1024, 4096, Layout.SHARED_TRUNK);

    /** Pairs that are laid out together: enough to fill rows well, few enough to be laid out quickly. */
    private static final int BLOCK_PAIRS = 512;

    private final CausalLm model;
    private final WeightSource weights;
    private final SessionSettings settings;
    private final List<OrtScorer> open = new ArrayList<>();
    private int longestRow = PACKING.rowTokens();

    /** Takes over the weights: closing this closes them. */
    PackedScorer(CausalLm model, WeightSource weights, SessionSettings settings) {
        this.model = model;
        this.weights = weights;
        this.settings = settings;
    }

    @Override
    public List<PairScore> score(List<TokenizedPair> pairs) {
        new ModelLimits(model.size()).require(pairs);
        OrtScorer scorer = scorerFor(pairs);
        List<PairScore> scores = new ArrayList<>();
        for (int start = 0; start < pairs.size(); start += BLOCK_PAIRS) {
            scores.addAll(scoreBlock(scorer, pairs.subList(start, Math.min(pairs.size(), start + BLOCK_PAIRS))));
        }
        return scores;
    }

    private OrtScorer scorerFor(List<TokenizedPair> pairs) {
        int longest =
                pairs.stream().mapToInt(TokenizedPair::documentTokens).max().orElse(0);
        if (open.isEmpty() || longest > longestRow) {
            closeSession();
            longestRow = Math.max(longestRow, longest);
            GraphOptions options = GraphOptions.forBatches(PACKING.microBatchTokens(), longestRow, model.size());
            open.add(OrtScorer.open(model, weights, options, settings));
        }
        return open.get(0);
    }

    private static List<PairScore> scoreBlock(OrtScorer scorer, List<TokenizedPair> pairs) {
        List<TokenizedPair> numbered = new ArrayList<>();
        for (TokenizedPair pair : pairs) {
            numbered.add(pair.withIndex(numbered.size()));
        }
        double[] logps = new double[2 * pairs.size()];
        for (MicroBatch batch : new Packer(PACKING).pack(numbered)) {
            float[] sums = scorer.sequenceLogps(batch);
            for (int i = 0; i < sums.length; i++) {
                logps[2 * batch.pairIndices()[i / 2] + i % 2] = sums[i];
            }
        }
        return PairScore.of(pairs, logps);
    }

    private void closeSession() {
        open.forEach(OrtScorer::close);
        open.clear();
    }

    @Override
    public void close() {
        closeSession();
        weights.close();
    }
}

package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.OptionalInput;
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

    private static final String TOKEN_LOGPS = OptionalInput.TOKEN_LOGPS.names().get(0);

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
        double[] logps = new double[2 * pairs.size()];
        forEachBatch(pairs, (first, batch, scores) -> {
            float[] sums = Objects.requireNonNull(scores.get(TrainingGraph.POLICY_LOGPS));
            for (int i = 0; i < sums.length; i++) {
                logps[2 * (first + batch.pairIndices()[i / 2]) + i % 2] = sums[i];
            }
        });
        return PairScore.of(pairs, logps);
    }

    @Override
    public List<TokenLogps> tokenLogps(List<TokenizedPair> pairs) {
        List<TokenLogps> all = new ArrayList<>();
        pairs.forEach(
                pair -> all.add(new TokenLogps(new double[pair.chosen().length], new double[pair.rejected().length])));
        forEachBatch(pairs, (first, batch, scores) -> {
            float[] logps = Objects.requireNonNull(scores.get(TOKEN_LOGPS));
            int[] filled = new int[2 * batch.pairs()];
            for (int i = 0; i < logps.length; i++) {
                int sequence = (int) batch.targetSequences()[i];
                TokenLogps pair = all.get(first + batch.pairIndices()[sequence / 2]);
                double[] side = sequence % 2 == 0 ? pair.chosen() : pair.rejected();
                side[filled[sequence]++] = logps[i];
            }
        });
        return all;
    }

    /** Takes what a micro-batch gave; its pairs are numbered from {@code first} on. */
    private interface Sink {
        void accept(int first, MicroBatch batch, Map<String, float[]> scores);
    }

    private void forEachBatch(List<TokenizedPair> pairs, Sink sink) {
        new ModelLimits(model.size()).require(pairs);
        OrtScorer scorer = scorerFor(pairs);
        for (int start = 0; start < pairs.size(); start += BLOCK_PAIRS) {
            List<TokenizedPair> numbered = new ArrayList<>();
            for (TokenizedPair pair : pairs.subList(start, Math.min(pairs.size(), start + BLOCK_PAIRS))) {
                numbered.add(pair.withIndex(numbered.size()));
            }
            for (MicroBatch batch : new Packer(PACKING).pack(numbered)) {
                sink.accept(start, batch, scorer.scores(batch));
            }
        }
    }

    private OrtScorer scorerFor(List<TokenizedPair> pairs) {
        int longest =
                pairs.stream().mapToInt(TokenizedPair::documentTokens).max().orElse(0);
        if (open.isEmpty() || longest > longestRow) {
            closeSession();
            longestRow = Math.max(longestRow, longest);
            GraphOptions options = GraphOptions.forBatches(PACKING.microBatchTokens(), longestRow, model.size());
            open.add(OrtScorer.open(model, weights, options, Set.of(OptionalInput.TOKEN_LOGPS), settings));
        }
        return open.get(0);
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

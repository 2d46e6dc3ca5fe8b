package org.dilort.job;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.data.Packer;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.HeadSpec;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtHead;

/** The held-out set: what a model makes of it, under TRL's names. */
final class HeldOut {
    private final List<TokenizedPair> pairs;
    private final float[] referenceLogps;
    private final Packer packer;
    private final HeadSpec head;
    private final boolean comparable;

    /** @param referenceLogps {@code [pairs * 2]} */
    HeldOut(List<TokenizedPair> pairs, float[] referenceLogps, Packer packer, HeadSpec head) {
        this.pairs = List.copyOf(pairs);
        this.referenceLogps = referenceLogps.clone();
        this.packer = packer;
        this.head = head;
        this.comparable = pairs.stream().allMatch(TokenizedPair::hasRejected);
    }

    List<TokenizedPair> pairs() {
        return pairs;
    }

    /**
     * {@code loss}, {@code logps/*} and {@code rewards/*} as training reports them; {@code accuracy}, the share of pairs
     * whose chosen response is the likelier one under the model itself; {@code margin}, by how much on average.
     */
    SortedMap<String, Double> measure(LogProbModel model) {
        float[] logps = new DatasetScorer(pairs, packer).score(model::sequenceLogps);
        try (OrtHead scorer = new OrtHead(head)) {
            return metrics(logps, scorer.score(logps, referenceLogps, lengths()));
        }
    }

    private SortedMap<String, Double> metrics(float[] logps, OrtHead.Scores scores) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("loss", mean(scores.losses(), 0, 1));
        metrics.put("logps/chosen", mean(logps, 0, 2));
        metrics.put("rewards/chosen", mean(scores.rewards(), 0, 2));
        if (comparable) {
            metrics.put("logps/rejected", mean(logps, 1, 2));
            metrics.put("rewards/rejected", mean(scores.rewards(), 1, 2));
            metrics.put("rewards/margins", metrics.get("rewards/chosen") - metrics.get("rewards/rejected"));
            metrics.put("rewards/accuracies", winShare(scores.rewards()));
            metrics.put("accuracy", winShare(logps));
            metrics.put("margin", metrics.get("logps/chosen") - metrics.get("logps/rejected"));
        }
        return metrics;
    }

    private float[] lengths() {
        float[] lengths = new float[2 * pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            lengths[2 * i] = pairs.get(i).chosen().length;
            lengths[2 * i + 1] = pairs.get(i).rejected().length;
        }
        return lengths;
    }

    private static double mean(float[] values, int from, int stride) {
        double sum = 0;
        int count = 0;
        for (int i = from; i < values.length; i += stride) {
            sum += values[i];
            count++;
        }
        return sum / count;
    }

    private static double winShare(float[] pairs) {
        int wins = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            wins += pairs[i] > pairs[i + 1] ? 1 : 0;
        }
        return wins / (pairs.length / 2.0);
    }
}

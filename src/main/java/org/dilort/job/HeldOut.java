package org.dilort.job;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.Objective;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtObjective;
import org.dilort.runtime.PairInputs;

/** The held-out set: what a model makes of it, under TRL's names. */
final class HeldOut {
    private final List<TokenizedPair> pairs;
    private final List<MicroBatch> batches;
    private final Objective objective;
    private final boolean comparable;

    HeldOut(List<TokenizedPair> pairs, ReferenceScores references, Packer packer, Objective objective) {
        this.pairs = List.copyOf(pairs);
        this.batches = packer.pack(pairs, references);
        this.objective = objective;
        this.comparable = pairs.stream().allMatch(TokenizedPair::hasRejected);
    }

    List<TokenizedPair> pairs() {
        return pairs;
    }

    /**
     * {@code loss}, {@code logps/*}, {@code rewards/*} and {@code head/*} as training reports them, the set taken as one
     * step of heads that remember nothing; {@code accuracy}, the share of pairs whose chosen response is the likelier one
     * under the model itself; {@code margin}, by how much on average.
     */
    SortedMap<String, Double> measure(LogProbModel model) {
        PairInputs inputs = new PairInputs();
        batches.forEach(batch -> inputs.add(batch, model.scores(batch)));
        try (OrtObjective heads = new OrtObjective(objective)) {
            OrtObjective.Scores scores = heads.score(inputs, new float[objective.stateSize()]);
            return metrics(inputs.joined(TrainingGraph.POLICY_LOGPS), scores);
        }
    }

    private SortedMap<String, Double> metrics(float[] logps, OrtObjective.Scores scores) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("loss", (double) scores.loss());
        metrics.put("head/saturated", mean(scores.flags().saturated(), 0, 1));
        metrics.put("head/skipped", mean(scores.flags().skipped(), 0, 1));
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

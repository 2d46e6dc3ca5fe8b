package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.Objective;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtObjective;
import org.dilort.runtime.PairInputs;
import org.dilort.train.EvaluationReport;

/** The held-out pairs: what a model makes of them all, and of those that have a name, under TRL's names. */
final class HeldOut {
    private final List<TokenizedPair> pairs;
    private final List<Part> parts;
    private final Objective objective;

    /**
     * Pairs that are measured together.
     *
     * @param name empty for those without one
     * @param comparable whether each of them has a rejected response
     */
    private record Part(String name, List<MicroBatch> batches, boolean comparable) {}

    /** @param named positions of the pairs that are measured on their own too, by a name */
    HeldOut(
            List<TokenizedPair> pairs,
            SortedMap<String, int[]> named,
            ReferenceScores references,
            Packer packer,
            Objective objective) {
        this.pairs = List.copyOf(pairs);
        this.objective = objective;
        this.parts = new ArrayList<>();
        Set<Integer> others = new TreeSet<>();
        IntStream.range(0, pairs.size()).forEach(others::add);
        named.forEach((name, positions) -> {
            parts.add(part(name, positions, references, packer));
            IntStream.of(positions).forEach(others::remove);
        });
        if (!others.isEmpty()) {
            int[] rest = others.stream().mapToInt(Integer::intValue).toArray();
            parts.add(part("", rest, references, packer));
        }
    }

    private Part part(String name, int[] positions, ReferenceScores references, Packer packer) {
        List<TokenizedPair> own = IntStream.of(positions).mapToObj(pairs::get).toList();
        return new Part(
                name,
                packer.pack(own, references.select(positions)),
                own.stream().allMatch(TokenizedPair::hasRejected));
    }

    List<TokenizedPair> pairs() {
        return pairs;
    }

    /**
     * {@code loss}, {@code logps/*}, {@code rewards/*} and {@code head/*} as training reports them, the pairs taken as one
     * step of heads that remember nothing; {@code accuracy}, the share of pairs whose chosen response is the likelier one
     * under the model itself; {@code margin}, by how much on average. Of pairs with a name the same as {@code NAME_loss} and so
     * on.
     */
    SortedMap<String, Double> measure(LogProbModel model) {
        SortedMap<String, Double> measured = new TreeMap<>();
        PairInputs all = new PairInputs();
        try (OrtObjective heads = new OrtObjective(objective)) {
            for (Part part : parts) {
                PairInputs own = new PairInputs();
                for (MicroBatch batch : part.batches()) {
                    Map<String, float[]> scores = model.scores(batch);
                    own.add(batch, scores);
                    all.add(batch, scores);
                }
                if (!part.name().isEmpty()) {
                    metrics(own, heads, part.comparable())
                            .forEach((metric, value) ->
                                    measured.put(EvaluationReport.named(part.name(), metric), value));
                }
            }
            measured.putAll(metrics(all, heads, parts.stream().allMatch(Part::comparable)));
        }
        return measured;
    }

    private SortedMap<String, Double> metrics(PairInputs inputs, OrtObjective heads, boolean comparable) {
        OrtObjective.Scores scores = heads.score(inputs, new float[objective.stateSize()]);
        float[] logps = inputs.joined(TrainingGraph.POLICY_LOGPS);
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

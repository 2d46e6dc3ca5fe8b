package org.dilort.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** Averages over the pairs of a step; logps in nats, summed over response tokens. */
public sealed interface PairMeans {

    double rewardChosen();

    double logpChosen();

    HeadShares head();

    /** The averages under their names in {@code metrics.jsonl}, in the order of that file. */
    Map<String, Double> metrics();

    /** Data without rejected responses. */
    record ChosenOnly(double rewardChosen, double logpChosen, HeadShares head) implements PairMeans {

        @Override
        public Map<String, Double> metrics() {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("rewards/chosen", rewardChosen);
            metrics.put("logps/chosen", logpChosen);
            head.putInto(metrics);
            return metrics;
        }
    }

    /**
     * Pairs of a chosen and a rejected response.
     *
     * @param margin chosen reward minus rejected reward
     * @param accuracy share of the pairs whose chosen reward is the greater; equal rewards do not count
     */
    record ChosenAndRejected(
            double rewardChosen,
            double rewardRejected,
            double margin,
            double accuracy,
            double logpChosen,
            double logpRejected,
            HeadShares head)
            implements PairMeans {

        @Override
        public Map<String, Double> metrics() {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("rewards/chosen", rewardChosen);
            metrics.put("rewards/rejected", rewardRejected);
            metrics.put("rewards/margins", margin);
            metrics.put("rewards/accuracies", accuracy);
            metrics.put("logps/chosen", logpChosen);
            metrics.put("logps/rejected", logpRejected);
            head.putInto(metrics);
            return metrics;
        }
    }
}

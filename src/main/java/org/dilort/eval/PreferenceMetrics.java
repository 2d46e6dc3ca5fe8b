package org.dilort.eval;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.Reduction;

/**
 * Averages over a set of pairs, under the names of {@code metrics.jsonl}: {@code rewards/chosen, rewards/rejected,
 * rewards/margins, rewards/accuracies, logps/chosen, logps/rejected}.
 *
 * <p>A reward is beta times the log-ratio of policy and reference, of sums or of means over response tokens, as the head
 * reads it; {@code logps/*} are always sums. Equal rewards do not count as accurate. A pair without a rejected response
 * counts in the chosen averages alone; without any rejected response the other keys are left out.
 *
 * @param beta the head's scale of the log-ratio
 */
public record PreferenceMetrics(double beta, Reduction reduction) {

    /** Response tokens, {@code [pairs * 2]}: chosen then rejected of each pair. */
    public static int[] lengths(List<TokenizedPair> pairs) {
        int[] lengths = new int[2 * pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            lengths[2 * i] = pairs.get(i).chosen().length;
            lengths[2 * i + 1] = pairs.get(i).rejected().length;
        }
        return lengths;
    }

    /** The metrics of scores by two models of the same pairs. */
    public SortedMap<String, Double> of(List<PairScore> policy, List<PairScore> reference) {
        int[] lengths = policy.stream()
                .flatMapToInt(score -> Arrays.stream(new int[] {score.chosenTokens(), score.rejectedTokens()}))
                .toArray();
        return of(logps(policy), logps(reference), lengths);
    }

    /**
     * All arrays {@code [pairs * 2]}, chosen then rejected of each pair.
     *
     * @param policyLogps sums over response tokens
     * @param referenceLogps sums over response tokens; zeros for a head without reference
     * @param lengths response tokens, 0 where there is no rejected response
     */
    public SortedMap<String, Double> of(float[] policyLogps, float[] referenceLogps, int[] lengths) {
        return of(doubles(policyLogps), doubles(referenceLogps), lengths);
    }

    private SortedMap<String, Double> of(double[] policyLogps, double[] referenceLogps, int[] lengths) {
        int count = policyLogps.length;
        if (count == 0 || count % 2 != 0 || referenceLogps.length != count || lengths.length != count) {
            throw new IllegalArgumentException(count + " policy, " + referenceLogps.length + " reference, "
                    + lengths.length + " lengths; expected two of each for every pair");
        }
        Sums sums = new Sums();
        for (int i = 0; i < count; i += 2) {
            double chosen = reward(policyLogps[i], referenceLogps[i], lengths[i]);
            sums.addChosen(chosen, policyLogps[i]);
            if (lengths[i + 1] > 0) {
                double rejected = reward(policyLogps[i + 1], referenceLogps[i + 1], lengths[i + 1]);
                sums.addRejected(chosen, rejected, policyLogps[i + 1]);
            }
        }
        return sums.means();
    }

    private double reward(double policy, double reference, int tokens) {
        double ratio = policy - reference;
        return beta
                * switch (reduction) {
                    case SUM -> ratio;
                    case MEAN -> ratio / tokens;
                };
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static double[] logps(List<PairScore> scores) {
        return scores.stream()
                .flatMapToDouble(score -> Arrays.stream(new double[] {score.chosenLogp(), score.rejectedLogp()}))
                .toArray();
    }

    private static final class Sums {
        private int pairs;
        private int compared;
        private double rewardChosen;
        private double rewardRejected;
        private double margin;
        private double accurate;
        private double logpChosen;
        private double logpRejected;

        void addChosen(double reward, double logp) {
            pairs++;
            rewardChosen += reward;
            logpChosen += logp;
        }

        void addRejected(double chosenReward, double reward, double logp) {
            compared++;
            rewardRejected += reward;
            margin += chosenReward - reward;
            accurate += chosenReward > reward ? 1 : 0;
            logpRejected += logp;
        }

        SortedMap<String, Double> means() {
            SortedMap<String, Double> means = new TreeMap<>();
            means.put("rewards/chosen", rewardChosen / pairs);
            means.put("logps/chosen", logpChosen / pairs);
            if (compared > 0) {
                means.put("rewards/rejected", rewardRejected / compared);
                means.put("rewards/margins", margin / compared);
                means.put("rewards/accuracies", accurate / compared);
                means.put("logps/rejected", logpRejected / compared);
            }
            return means;
        }
    }
}

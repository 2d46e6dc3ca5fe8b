package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.dilort.data.LabelledPair;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.error.RunFailure;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.junit.jupiter.api.Test;

class PairTaskTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);
    private static final Reward DPO = new Reward("dpo", 0.1, Reduction.SUM);

    /** Gives a token the log-probability -id / scale. */
    private record ById(double scale) implements SequenceScorer {
        @Override
        public List<PairScore> score(List<TokenizedPair> pairs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<TokenLogps> tokenLogps(List<TokenizedPair> pairs) {
            return pairs.stream()
                    .map(pair -> new TokenLogps(logps(pair.chosen()), logps(pair.rejected())))
                    .toList();
        }

        private double[] logps(int[] ids) {
            double[] logps = new double[ids.length];
            for (int i = 0; i < ids.length; i++) {
                logps[i] = -ids[i] / scale;
            }
            return logps;
        }

        @Override
        public void close() {}
    }

    private static LabelledPair pair(String label, int[] chosen, int[] rejected) {
        return new LabelledPair(new TokenizedPair(0, new int[] {1}, chosen, rejected), label);
    }

    private static List<TaskResult> results(List<LabelledPair> pairs, PairTask.Reference reference) {
        PairTask task = new PairTask("t", new ById(1), reference);
        pairs.forEach(task::add);
        return task.results();
    }

    /**
     * Sums -3 against -4, -6 against -4, -4 against -4: one win, one loss, one tie. Per token -1.5 / -4, -2 / -4, -2 / -4: three
     * wins. Margins 1, -2, 0: mean -1/3, s^2 = (16 + 25 + 1) / 9 / 2 = 7/3, error sqrt(7/9). Of the two pairs that are not tied,
     * the longer response (2 or 3 tokens against 1) is the likelier one in one.
     */
    @Test
    void everyNumberOfThreePairs() {
        TaskResult result = results(
                        List.of(
                                pair("", new int[] {1, 2}, new int[] {4}),
                                pair("", new int[] {1, 2, 3}, new int[] {4}),
                                pair("", new int[] {1, 3}, new int[] {4})),
                        new PairTask.Reference.None())
                .get(0);

        assertThat(result.samples()).isEqualTo(3);
        assertThat(result.value("acc")).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(result.value("acc_ties")).isEqualTo(1);
        assertThat(result.value("acc_ci_high")).isEqualTo(Interval.wilson(1, 3).high());
        assertThat(result.value("acc_per_token")).isEqualTo(1);
        assertThat(result.value("margin")).isCloseTo(-1 / 3.0, within(1e-15));
        assertThat(result.value("margin_stderr")).isCloseTo(Math.sqrt(7 / 9.0), within(1e-15));
        assertThat(result.value("margin_per_token")).isCloseTo((2.5 + 2 + 2) / 3, within(1e-15));
        assertThat(result.value("tokens_chosen")).isCloseTo(7 / 3.0, within(1e-15));
        assertThat(result.value("tokens_rejected")).isEqualTo(1);
        assertThat(result.value("longer_wins")).isEqualTo(0.5);
        assertThat(result.has("reward_acc")).isFalse();
    }

    /**
     * The reference gives half: ratios -1, -2 for the chosen tokens, -4 ... of ids 2, 4 against 8, halved: -1, -2 and -4. Reward 0.1 *
     * -3 against 0.1 * -4, margin 0.1. k1 chosen (-1 - 2) / 2, rejected -4; k3 = exp(-q) - 1 + q: (e - 2 + e^2 - 3) / 2, e^4 - 5.
     */
    @Test
    void aReferenceGivesRewardsAndKl() {
        PairTask.Reference reference = new PairTask.Reference.Model(new ById(2), DPO);

        TaskResult result = results(List.of(pair("", new int[] {2, 4}, new int[] {8})), reference)
                .get(0);

        assertThat(result.value("reward_acc")).isEqualTo(1);
        assertThat(result.value("reward_chosen")).isCloseTo(-0.3, within(1e-15));
        assertThat(result.value("reward_margin")).isCloseTo(0.1, within(1e-15));
        assertThat(result.value("kl_k1_chosen")).isCloseTo(-1.5, within(1e-15));
        assertThat(result.value("kl_k1_rejected")).isCloseTo(-4, within(1e-15));
        assertThat(result.value("kl_k3_chosen")).isCloseTo((Math.E - 2 + Math.E * Math.E - 3) / 2, within(1e-12));
        assertThat(result.value("kl_k3_rejected")).isCloseTo(Math.exp(4) - 5, within(1e-12));
    }

    /**
     * Tokens as often as the policy draws them: twice p = 1/2, once each of 1/4, under a reference of 1/4, 1/2, 1/4. Both
     * estimators are then KL(p || q) = 1/2 ln 2 - 1/4 ln 2.
     */
    @Test
    void bothEstimatorsAreTheKlOnThePolicysOwnTokens() {
        double half = Math.log(0.5);
        double quarter = Math.log(0.25);
        TokenKl kl = new TokenKl();

        kl.add(new double[] {half, half, quarter, quarter}, new double[] {quarter, quarter, half, quarter});

        assertThat(kl.k1()).isCloseTo(Math.log(2) / 4, within(1e-15));
        assertThat(kl.k3()).isCloseTo(Math.log(2) / 4, within(1e-15));
    }

    @Test
    void theOrderOfPairsDoesNotMatter() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<LabelledPair> pairs = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            pairs.add(pair(
                    "s" + random.nextInt(3),
                    random.ints(random.nextInt(1, 5), 0, 9).toArray(),
                    random.ints(random.nextInt(1, 5), 0, 9).toArray()));
        }
        PairTask.Reference reference = new PairTask.Reference.Model(new ById(2), DPO);
        List<TaskResult> before = results(pairs, reference);
        Collections.shuffle(pairs, new Random(SEED));
        List<TaskResult> after = results(pairs, reference);

        assertThat(before).extracting(TaskResult::name).containsExactly("t", "t_s0", "t_s1", "t_s2");
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).samples()).isEqualTo(before.get(i).samples());
            for (String key : before.get(i).values().keySet()) {
                String metric = key.substring(0, key.indexOf(','));
                assertThat(after.get(i).value(metric))
                        .as("seed %d, %s", SEED, metric)
                        .isCloseTo(before.get(i).value(metric), within(1e-9));
            }
        }
        assertThat(before.stream().skip(1).mapToLong(TaskResult::samples).sum()).isEqualTo(700);
    }

    @Test
    void aModelThatGivesNoNumberIsAFailure() {
        PairTask task = new PairTask("t", new ById(0), new PairTask.Reference.None());
        task.add(pair("", new int[] {1}, new int[] {0}));

        assertThatThrownBy(task::results)
                .isInstanceOf(RunFailure.class)
                .hasMessageStartingWith("pair 0: log-probabilities -Infinity and NaN");
    }

    @Test
    void theRewardIsThatOfTheHead() {
        assertThat(Reward.of(Heads.named("lsif"))).hasToString("lsif, beta 1.0, sum over tokens");
        assertThat(Reward.of(Heads.named("dpo"))).hasToString("dpo, beta 0.1, sum over tokens");
        assertThat(Reward.of(Heads.named("ipo")).withBeta(2)).hasToString("ipo, beta 2.0, mean over tokens");
        assertThat(Reward.of(Heads.named("ipo")).withBeta(2).of(new double[] {-1, -3}, new double[] {-2, -5}))
                .isCloseTo(3, within(1e-15));
        assertThatThrownBy(() -> Reward.of(Heads.named("simpo")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--head: got simpo, which needs no reference, expected a head that does");
        assertThatThrownBy(() -> DPO.withBeta(0)).isInstanceOf(ConfigException.class);
    }
}

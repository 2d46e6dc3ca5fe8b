package org.dilort.eval;

import org.dilort.error.RunFailure;

/** What a model thinks of pairs of which it is known which response was chosen, added up pair by pair. */
final class PairStatistics {
    private final Contest sums = new Contest();
    private final Contest perToken = new Contest();
    private final Contest longer = new Contest();
    private final Mean margin = new Mean();
    private final Mean marginPerToken = new Mean();
    private final Mean chosenTokens = new Mean();
    private final Mean rejectedTokens = new Mean();

    public void add(TokenLogps pair) {
        double chosen = pair.chosenSum();
        double rejected = pair.rejectedSum();
        if (!Double.isFinite(chosen) || !Double.isFinite(rejected)) {
            throw new RunFailure("pair " + sums.rounds() + ": log-probabilities " + chosen + " and " + rejected
                    + ", expected finite numbers");
        }
        int chosenLength = pair.chosen().length;
        int rejectedLength = pair.rejected().length;
        sums.add(chosen, rejected);
        perToken.add(chosen / chosenLength, rejected / rejectedLength);
        if (chosenLength != rejectedLength && chosen != rejected) {
            boolean longerIsLikelier = (chosenLength > rejectedLength) == (chosen > rejected);
            longer.add(longerIsLikelier ? 1 : 0, longerIsLikelier ? 0 : 1);
        }
        margin.add(chosen - rejected);
        marginPerToken.add(chosen / chosenLength - rejected / rejectedLength);
        chosenTokens.add(chosenLength);
        rejectedTokens.add(rejectedLength);
    }

    public long pairs() {
        return sums.rounds();
    }

    /**
     * {@code acc} by sums and {@code acc_per_token} by means, each with its interval and its number of ties, which win
     * nothing; margins; lengths; {@code longer_wins}, the share of pairs of two lengths in which the longer response is the
     * likelier one.
     */
    void put(TaskResult.Values values) {
        put(values, "acc", sums);
        values.put("margin", margin);
        put(values, "acc_per_token", perToken);
        values.put("margin_per_token", marginPerToken);
        values.put("tokens_chosen", chosenTokens.value()).put("tokens_rejected", rejectedTokens.value());
        values.put(
                "longer_wins", longer.rounds() == 0 ? Double.NaN : longer.wins().value());
    }

    static void put(TaskResult.Values values, String metric, Contest contest) {
        Share share = contest.wins();
        values.put(metric, share).put(metric, share.interval()).count(metric + "_ties", contest.ties());
    }
}

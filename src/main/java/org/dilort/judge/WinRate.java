package org.dilort.judge;

import java.util.ArrayList;
import java.util.List;
import org.dilort.eval.Interval;
import org.dilort.eval.Mean;
import org.dilort.eval.Share;
import org.dilort.eval.TaskResult;

/**
 * How often the answers of one model are better than those of another, under AlpacaEval's names. {@code win_rate} counts a tie
 * as half a win; its interval is that of a bootstrap over the prompts. {@code decided_win_rate} leaves ties out; its interval
 * is Wilson's.
 */
public final class WinRate {
    private final List<Ruling> rulings = new ArrayList<>();
    private final Mean outcomes = new Mean();
    private final Mean charactersA = new Mean();
    private final Mean charactersB = new Mean();
    private final Mean tokensA = new Mean();
    private final Mean tokensB = new Mean();
    private long differentLengths;
    private long longerWins;

    /** @param tokens that the models generated: a, then b */
    public record Lengths(int tokensA, int tokensB) {}

    public void add(Comparison comparison, Lengths lengths, Ruling ruling) {
        rulings.add(ruling);
        outcomes.add(outcome(ruling));
        int a = comparison.a().codePointCount(0, comparison.a().length());
        int b = comparison.b().codePointCount(0, comparison.b().length());
        charactersA.add(a);
        charactersB.add(b);
        tokensA.add(lengths.tokensA());
        tokensB.add(lengths.tokensB());
        if (a != b && ruling.verdict() != Verdict.TIE) {
            differentLengths++;
            longerWins += (a > b) == (ruling.verdict() == Verdict.A) ? 1 : 0;
        }
    }

    private static double outcome(Ruling ruling) {
        return switch (ruling.verdict()) {
            case A -> 1;
            case B -> 0;
            case TIE, UNREADABLE -> 0.5;
        };
    }

    private long count(Verdict verdict) {
        return rulings.stream().filter(ruling -> ruling.verdict() == verdict).count();
    }

    /** @param seed of the bootstrap */
    public TaskResult result(String name, long seed) {
        long wins = count(Verdict.A);
        long losses = count(Verdict.B);
        double[] all = rulings.stream().mapToDouble(WinRate::outcome).toArray();
        Interval decided = Interval.wilson(wins, wins + losses);
        double longer = differentLengths == 0
                ? Double.NaN
                : Share.of(longerWins, differentLengths).value();
        return new TaskResult.Values()
                .put("win_rate", outcomes)
                .put("win_rate", Interval.bootstrap(all, seed))
                .put("decided_win_rate", wins + losses == 0 ? Double.NaN : (double) wins / (wins + losses))
                .put("decided_win_rate", decided)
                .count("n_wins", wins)
                .count("n_wins_base", losses)
                .count("n_draws", count(Verdict.TIE))
                .count("n_changed", rulings.stream().filter(Ruling::isChanged).count())
                .count(
                        "n_unreadable",
                        rulings.stream().filter(ruling -> !ruling.isReadable()).count())
                .put("avg_length", charactersA.value())
                .put("avg_length_base", charactersB.value())
                .put("avg_tokens", tokensA.value())
                .put("avg_tokens_base", tokensB.value())
                .put("longer_wins", longer)
                .result(name, 0, rulings.size());
    }
}

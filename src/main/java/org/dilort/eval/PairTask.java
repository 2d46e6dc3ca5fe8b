package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.data.LabelledPair;
import org.dilort.data.TokenizedPair;
import org.dilort.error.DataException;

/**
 * A set of preference pairs under a model, scored block by block, as a whole and by subset. Nothing of a pair is kept but
 * what it adds to the numbers.
 */
public final class PairTask {
    private static final int BLOCK_PAIRS = 256;
    private static final int MOST_SUBSETS = 10_000;

    private final String name;
    private final SequenceScorer policy;
    private final Reference reference;
    private final Tally whole;
    private final Map<String, Tally> subsets = new TreeMap<>();
    private final List<LabelledPair> block = new ArrayList<>();

    /** What the policy is compared with. */
    public sealed interface Reference {
        record None() implements Reference {}

        /** @param scorer stays the caller's */
        record Model(SequenceScorer scorer, Reward reward) implements Reference {}
    }

    /** @param policy stays the caller's */
    public PairTask(String name, SequenceScorer policy, Reference reference) {
        this.name = name;
        this.policy = policy;
        this.reference = reference;
        this.whole = tally();
    }

    /** A pair with an empty label belongs to no subset. */
    public void add(LabelledPair pair) {
        block.add(pair);
        if (block.size() == BLOCK_PAIRS) {
            score();
        }
    }

    /** That of all pairs, then those of the subsets by name. */
    public List<TaskResult> results() {
        score();
        List<TaskResult> results = new ArrayList<>();
        results.add(whole.result(name));
        subsets.forEach((subset, tally) -> results.add(tally.result(resultName(subset))));
        return results;
    }

    /** Under which a subset is reported. */
    String resultName(String subset) {
        return name + "_" + subset;
    }

    private void score() {
        if (block.isEmpty()) {
            return;
        }
        List<TokenizedPair> pairs = block.stream().map(LabelledPair::pair).toList();
        List<TokenLogps> own = logps(policy, pairs);
        List<TokenLogps> others = reference instanceof Reference.Model model ? logps(model.scorer(), pairs) : own;
        for (int i = 0; i < pairs.size(); i++) {
            whole.add(own.get(i), others.get(i));
            if (!block.get(i).label().isEmpty()) {
                subset(block.get(i).label()).add(own.get(i), others.get(i));
            }
        }
        block.clear();
    }

    /** Of equal responses the same numbers, whatever their places in a row round to. */
    private static List<TokenLogps> logps(SequenceScorer scorer, List<TokenizedPair> pairs) {
        List<TokenLogps> logps = new ArrayList<>(scorer.tokenLogps(pairs));
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.get(i).identicalResponses()) {
                logps.set(i, new TokenLogps(logps.get(i).chosen(), logps.get(i).chosen()));
            }
        }
        return logps;
    }

    private Tally subset(String label) {
        Tally tally = subsets.computeIfAbsent(label, key -> tally());
        if (subsets.size() > MOST_SUBSETS) {
            throw new DataException("more than " + MOST_SUBSETS + " subsets, expected a field that names few");
        }
        return tally;
    }

    private Tally tally() {
        List<ReferenceStatistics> compared = reference instanceof Reference.Model model
                ? List.of(new ReferenceStatistics(model.reward()))
                : List.of();
        return new Tally(new PairStatistics(), compared);
    }

    /** @param compared one where there is a reference */
    private record Tally(PairStatistics pairs, List<ReferenceStatistics> compared) {

        void add(TokenLogps policy, TokenLogps reference) {
            pairs.add(policy);
            compared.forEach(statistics -> statistics.add(policy, reference));
        }

        TaskResult result(String name) {
            TaskResult.Values values = new TaskResult.Values();
            pairs.put(values);
            compared.forEach(statistics -> statistics.put(values));
            return values.result(name, 0, pairs.pairs());
        }
    }
}

package org.dilort.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What a head's graph is fed with, by name, and the changes that show what the head does with it. */
final class HeadFeeds {
    /** Of each response; of each pair; of each token. */
    private static final Set<String> SIDED =
            Set.of("policy_logps", "reference_logps", "lengths", "detached_logps", "collision_logps");

    private static final Set<String> OF_PAIRS = Set.of("prompt_logps", "prompt_lengths");
    private static final List<String> OF_TOKENS = List.of("token_logps", "reference_token_logps");
    private static final String SEQUENCES = "target_sequences";
    private static final String LENGTHS = "lengths";
    private static final String COUNTS = "step_counts";

    private final Map<String, double[]> values;

    private HeadFeeds(Map<String, double[]> values) {
        this.values = values;
    }

    static HeadFeeds of(HeadBatch batch) {
        return new HeadFeeds(batch.inputs());
    }

    Map<String, double[]> values() {
        return new HashMap<>(values);
    }

    int pairs() {
        return values.get(LENGTHS).length / 2;
    }

    double[] get(String input) {
        return values.get(input).clone();
    }

    /** The sequence that a token is of. */
    int sequenceOf(int token) {
        return (int) values.get(SEQUENCES)[token];
    }

    /** Log-ratios {@code [pairs * 2]}. */
    double[] ratios() {
        double[] policy = values.get("policy_logps");
        double[] reference = values.get("reference_logps");
        return IntStream.range(0, policy.length)
                .mapToDouble(i -> policy[i] - reference[i])
                .toArray();
    }

    private HeadFeeds with(String input, double[] changed) {
        Map<String, double[]> all = values();
        all.put(input, changed);
        return new HeadFeeds(all);
    }

    /** One number moved. */
    HeadFeeds moved(String input, int index, double by) {
        double[] changed = get(input);
        changed[index] += by;
        return with(input, changed);
    }

    /** All numbers of an input changed. */
    HeadFeeds changed(String input, DoubleUnaryOperator change) {
        return with(input, DoubleStream.of(values.get(input)).map(change).toArray());
    }

    /** One pair in the micro-batch of its own that training might put it in: the step's counts stay. */
    HeadFeeds only(int pair) {
        Map<String, double[]> all = values();
        SIDED.forEach(input ->
                all.put(input, new double[] {values.get(input)[2 * pair], values.get(input)[2 * pair + 1]}));
        OF_PAIRS.forEach(input -> all.put(input, new double[] {values.get(input)[pair]}));
        double[] sequences = values.get(SEQUENCES);
        int[] tokens = IntStream.range(0, sequences.length)
                .filter(token -> (int) sequences[token] / 2 == pair)
                .toArray();
        OF_TOKENS.forEach(input -> all.put(
                input,
                IntStream.of(tokens)
                        .mapToDouble(token -> values.get(input)[token])
                        .toArray()));
        all.put(
                SEQUENCES,
                IntStream.of(tokens)
                        .mapToDouble(token -> sequences[token] - 2 * pair)
                        .toArray());
        return new HeadFeeds(all);
    }

    /** Every chosen response in the place of its rejected one. */
    HeadFeeds swapped() {
        Map<String, double[]> all = values();
        SIDED.forEach(input -> all.put(input, sidesSwapped(values.get(input))));
        all.put(
                SEQUENCES,
                DoubleStream.of(values.get(SEQUENCES)).map(s -> (int) s ^ 1).toArray());
        double chosenTokens = 0;
        for (int i = 0; i < all.get(LENGTHS).length; i += 2) {
            chosenTokens += all.get(LENGTHS)[i];
        }
        all.put(COUNTS, new double[] {pairs(), chosenTokens});
        return new HeadFeeds(all);
    }

    static double[] sidesSwapped(double[] sided) {
        return IntStream.range(0, sided.length).mapToDouble(i -> sided[i ^ 1]).toArray();
    }
}

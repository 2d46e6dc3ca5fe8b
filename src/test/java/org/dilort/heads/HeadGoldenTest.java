package org.dilort.heads;

import static java.util.stream.Collectors.groupingBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every head that PyTorch computed in float64, with the cap off: per-pair losses and their mean within 1e-5, gradients
 * within 1e-4, over random batches and log-ratios up to 80 either way.
 */
class HeadGoldenTest {
    private record Ours(String head, Reduction reduction) {}

    private static Ours sum(String head) {
        return new Ours(head, Reduction.SUM);
    }

    private static Ours mean(String head) {
        return new Ours(head, Reduction.MEAN);
    }

    /** Goldens whose name is not the head's, and those of a mean. */
    private static final Map<String, Ours> OTHER_NAMES = Map.ofEntries(
            Map.entry("ukl_authors", sum("ukl")),
            Map.entry("lsif_avg", mean("lsif")),
            Map.entry("ukl_avg", mean("ukl")),
            Map.entry("bce_avg", mean("bce")),
            Map.entry("dpo_avg", mean("dpo")),
            Map.entry("ipo_sum", sum("ipo")),
            Map.entry("ipo_avg", mean("ipo")),
            Map.entry("simpo", mean("simpo")),
            Map.entry("orpo", mean("orpo")),
            Map.entry("cpo_tok", sum("cpo")),
            Map.entry("rpo_tok", sum("rpo")));

    /** PyTorch's side gives each pair the batch's likelihood term, ours its own part: only the means are equal. */
    private static final Set<String> SHARED_LIKELIHOOD = Set.of("cpo_tok", "rpo_tok", "orpo");

    @TestFactory
    Stream<DynamicTest> goldenHeads() {
        return HeadGoldens.entries().stream()
                .flatMap(entry ->
                        HeadGoldens.of(entry).stream()
                                .collect(groupingBy(HeadGoldens.Case::coefficients))
                                .entrySet()
                                .stream()
                                .map(group -> DynamicTest.dynamicTest(
                                        entry + " " + group.getKey(),
                                        () -> check(entry, group.getKey(), group.getValue()))));
    }

    private static void check(String entry, Map<String, Double> coefficients, List<HeadGoldens.Case> cases) {
        try (HeadRunner runner = new HeadRunner(spec(entry, coefficients))) {
            for (HeadGoldens.Case golden : cases) {
                compare(entry, golden, runner.run(golden.batch()));
            }
        }
    }

    private static HeadSpec spec(String entry, Map<String, Double> coefficients) {
        Ours ours = OTHER_NAMES.getOrDefault(entry, sum(entry));
        Head head = Heads.named(ours.head());
        Map<String, Double> all = new TreeMap<>(coefficients);
        if (head.coefficients().stream().anyMatch(known -> known.name().equals("exp_cap"))) {
            all.put("exp_cap", Double.POSITIVE_INFINITY);
        }
        return new HeadSpec(head, ours.reduction(), all);
    }

    private static void compare(String entry, HeadGoldens.Case golden, Result actual) {
        Batch batch = golden.batch();
        double mean = 0;
        for (int pair = 0; pair < batch.pairs(); pair++) {
            // the authors leave the constant reference out of the chosen term
            double constant = entry.equals("ukl_authors") ? -batch.reference()[2 * pair] : 0;
            mean += (actual.losses()[pair] + constant) / batch.pairs();
            if (!SHARED_LIKELIHOOD.contains(entry)) {
                Close.loss(actual.losses()[pair], golden.perPair()[pair] - constant, golden.name() + " pair " + pair);
            }
        }
        Close.loss(mean, golden.loss(), golden.name() + " mean loss");
        for (int i = 0; i < golden.gradients().length; i++) {
            Close.gradient(actual.gradients()[i], golden.gradients()[i], golden.name() + " gradient " + i);
        }
    }
}

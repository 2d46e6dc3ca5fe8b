package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatchPlannerTest {

    @Test
    void fillsTheBudgetWithRowsOfOneLength() {
        assertThat(plan(40, 10, 10, 10, 10, 10)).containsExactly(List.of(10, 10, 10, 10), List.of(10));
    }

    @Test
    void opensAnotherMicroBatchWhereThatSavesMorePaddingThanItCosts() {
        // Together 4 x 100; apart 100 + 3 x 10 and one more charge of 400 / 8 = 50.
        assertThat(plan(400, 10, 100, 10, 10)).containsExactly(List.of(100), List.of(10, 10, 10));
    }

    @Test
    void toleratesALittlePaddingForFewerMicroBatches() {
        assertThat(plan(400, 100, 90, 80)).containsExactly(List.of(100, 90, 80));
    }

    @Test
    void givesARowOverTheBudgetAMicroBatchOfItsOwn() {
        assertThat(plan(40, 5, 90, 5)).containsExactly(List.of(90), List.of(5, 5));
    }

    @Test
    void neverDividesABlock() {
        Block pair = new Block(List.of(row(30), row(20)));

        List<List<Row>> plan = MicroBatchPlanner.plan(List.of(pair, pair), 40);

        assertThat(plan).hasSize(2).allMatch(rows -> rows.size() == 2);
    }

    @Test
    void findsTheCheapestDivision() {
        long seed = 4242;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            int[] lengths = random.ints(1 + random.nextInt(9), 1, 60).toArray();
            int budget = 20 + random.nextInt(200);
            long planned = plan(budget, lengths).stream()
                    .mapToLong(batch -> cost(batch, budget))
                    .sum();

            assertThat(planned).as("seed %d, round %d", seed, round).isEqualTo(cheapest(lengths, budget));
        }
    }

    /** Tries every division of the sorted lengths. */
    private static long cheapest(int[] lengths, int budget) {
        List<Integer> sorted = new ArrayList<>(IntStream.of(lengths).boxed().toList());
        sorted.sort(Collections.reverseOrder());
        long best = Long.MAX_VALUE;
        for (int cuts = 0; cuts < 1 << (sorted.size() - 1); cuts++) {
            long total = 0;
            int start = 0;
            boolean fits = true;
            for (int end = 1; end <= sorted.size(); end++) {
                if (end == sorted.size() || (cuts >> (end - 1) & 1) == 1) {
                    List<Integer> batch = sorted.subList(start, end);
                    fits &= batch.size() == 1 || batch.size() * batch.get(0) <= budget;
                    total += cost(batch, budget);
                    start = end;
                }
            }
            best = fits ? Math.min(best, total) : best;
        }
        return best;
    }

    private static long cost(List<Integer> lengths, int budget) {
        return (long) lengths.size() * Collections.max(lengths) + budget / 8;
    }

    private static List<List<Integer>> plan(int budget, int... lengths) {
        List<Block> blocks = IntStream.of(lengths)
                .mapToObj(length -> new Block(List.of(row(length))))
                .toList();
        return MicroBatchPlanner.plan(blocks, budget).stream()
                .map(rows -> rows.stream().map(Row::length).toList())
                .toList();
    }

    private static Row row(int length) {
        return Row.of(new Document(0, new int[length], List.of()));
    }
}

package org.dilort.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Divides blocks of rows into micro-batches so that the padding and a fixed charge for every micro-batch are least.
 *
 * <p>Blocks are sorted by length, the longest first, and cut into runs by dynamic programming: a run costs its rows
 * times its greatest length, which must stay within the budget unless the run is a single block, and the charge.
 */
final class MicroBatchPlanner {
    /** A micro-batch is charged with this part of the budget, so that it is not opened for a handful of tokens. */
    private static final int CHARGE_DIVISOR = 8;

    private final long budget;
    private final List<Block> blocks;
    /** Rows in the blocks before this one. */
    private final int[] rowsBefore;

    private MicroBatchPlanner(long budget, List<Block> blocks) {
        this.budget = budget;
        this.blocks = blocks;
        this.rowsBefore = new int[blocks.size() + 1];
        for (int i = 0; i < blocks.size(); i++) {
            rowsBefore[i + 1] = rowsBefore[i] + blocks.get(i).rows().size();
        }
    }

    /** The rows of each micro-batch. */
    static List<List<Row>> plan(List<Block> blocks, int microBatchTokens) {
        List<Block> sorted = blocks.stream()
                .sorted(Comparator.comparingInt(Block::length).reversed())
                .toList();
        return new MicroBatchPlanner(microBatchTokens, sorted).plan();
    }

    private List<List<Row>> plan() {
        int[] starts = runStarts();
        List<List<Row>> batches = new ArrayList<>();
        for (int end = blocks.size(); end > 0; end = starts[end]) {
            batches.add(blocks.subList(starts[end], end).stream()
                    .flatMap(block -> block.rows().stream())
                    .toList());
        }
        Collections.reverse(batches);
        return batches;
    }

    /** Where the last run begins in the cheapest division of the first {@code end} blocks, for every {@code end}. */
    private int[] runStarts() {
        int[] lengths = blocks.stream().mapToInt(Block::length).toArray();
        long[] cost = new long[blocks.size() + 1];
        int[] starts = new int[blocks.size() + 1];
        for (int end = 1; end <= blocks.size(); end++) {
            cost[end] = Long.MAX_VALUE;
            for (int start = end - 1; start >= 0; start--) {
                long tokens = (long) (rowsBefore[end] - rowsBefore[start]) * lengths[start];
                if (tokens > budget && start < end - 1) {
                    break;
                }
                long total = cost[start] + tokens + budget / CHARGE_DIVISOR;
                if (total < cost[end]) {
                    cost[end] = total;
                    starts[end] = start;
                }
            }
        }
        return starts;
    }
}

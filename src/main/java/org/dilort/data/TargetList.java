package org.dilort.data;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The scored tokens of a micro-batch, by sequence and then by position, however the rows order them. */
final class TargetList {
    /** Chosen and rejected sequences in turn; a pair may lack the rejected one. */
    private final SortedMap<Integer, Sequence> sequences = new TreeMap<>();

    /**
     * Scores the response of a branch. Each token is predicted at the one before it; that of the first is the trunk's
     * last where the branch has no lead.
     *
     * @param pair number of the pair within the micro-batch
     * @param trunkEnd flat index of the trunk's last token
     * @param start flat index of the response's first token
     */
    void add(int pair, Branch branch, int trunkEnd, int start) {
        int sequence = 2 * pair + branch.id() - Branch.CHOSEN;
        int[] tokens = branch.response();
        long[] positions = new long[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            positions[i] = i == 0 && branch.lead().length == 0 ? trunkEnd : start + i - 1;
        }
        long[] numbers = new long[tokens.length];
        Arrays.fill(numbers, sequence);
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();
        sequences.put(sequence, new Sequence(positions, ids, numbers));
    }

    long[] positions() {
        return joined(Sequence::positions);
    }

    long[] ids() {
        return joined(Sequence::ids);
    }

    long[] sequences() {
        return joined(Sequence::numbers);
    }

    private long[] joined(Function<Sequence, long[]> part) {
        return sequences.values().stream()
                .map(part)
                .flatMapToLong(Arrays::stream)
                .toArray();
    }

    private record Sequence(long[] positions, long[] ids, long[] numbers) {}
}

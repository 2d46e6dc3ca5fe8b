package org.dilort.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a micro-batch's trunks as targets: each but the first of its trunk, predicted at the column before it.
 *
 * @param positions {@code [prompt targets]}, flat index of the hidden state that predicts
 * @param ids {@code [prompt targets]}
 * @param pairs {@code [prompt targets]}, number of the pair within the micro-batch
 */
record PromptTargets(long[] positions, long[] ids, long[] pairs) {

    /** A trunk lies before the token that its first target predicts, in one piece. */
    static PromptTargets of(MicroBatch batch) {
        List<Long> positions = new ArrayList<>();
        List<Long> pairs = new ArrayList<>();
        int[] trunkEnds = trunkEnds(batch);
        for (int pair = 0; pair < trunkEnds.length; pair++) {
            int end = trunkEnds[pair];
            int row = end / batch.length() * batch.length();
            int start = end;
            while (start > row && batch.documentIds()[start - 1] == batch.documentIds()[end]) {
                start--;
            }
            for (long at = start; at < end; at++) {
                positions.add(at);
                pairs.add((long) pair);
            }
        }
        long[] at = positions.stream().mapToLong(Long::longValue).toArray();
        long[] ids = Arrays.stream(at)
                .map(position -> batch.inputIds()[(int) position + 1])
                .toArray();
        return new PromptTargets(
                at, ids, pairs.stream().mapToLong(Long::longValue).toArray());
    }

    /** Flat index of the last token of each pair's trunk: where the first target of its chosen response is predicted. */
    private static int[] trunkEnds(MicroBatch batch) {
        int[] ends = new int[batch.pairs()];
        Arrays.fill(ends, -1);
        for (int target = 0; target < batch.targets(); target++) {
            int pair = (int) batch.targetSequences()[target] / 2;
            if (ends[pair] < 0) {
                ends[pair] = (int) batch.targetPositions()[target];
            }
        }
        for (int pair = 0; pair < ends.length; pair++) {
            if (ends[pair] < 0 || batch.branchIds()[ends[pair]] != 0) {
                throw new IllegalArgumentException("pair " + pair + " has no target at the end of a trunk");
            }
        }
        return ends;
    }
}

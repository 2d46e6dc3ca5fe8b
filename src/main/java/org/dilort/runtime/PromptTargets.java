package org.dilort.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens before the chosen responses of a micro-batch as targets: each but the first, predicted at the column before
 * it. They are a trunk and, where the two prompts of a pair differ, what the chosen one has beyond it.
 *
 * @param positions {@code [prompt targets]}, flat index of the hidden state that predicts
 * @param ids {@code [prompt targets]}
 * @param pairs {@code [prompt targets]}, number of the pair within the micro-batch
 */
record PromptTargets(long[] positions, long[] ids, long[] pairs) {

    /** The chosen branch comes first, so a prompt lies in one piece before its response. */
    static PromptTargets of(MicroBatch batch) {
        List<Long> positions = new ArrayList<>();
        List<Long> pairs = new ArrayList<>();
        int[] ends = promptEnds(batch);
        for (int pair = 0; pair < ends.length; pair++) {
            int end = ends[pair];
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

    /** Flat index of the last token before each chosen response: where its first target is predicted. */
    private static int[] promptEnds(MicroBatch batch) {
        int[] ends = new int[batch.pairs()];
        Arrays.fill(ends, -1);
        for (int target = 0; target < batch.targets(); target++) {
            int pair = (int) batch.targetSequences()[target] / 2;
            boolean chosen = batch.targetSequences()[target] % 2 == 0;
            if (chosen && ends[pair] < 0) {
                ends[pair] = (int) batch.targetPositions()[target];
            }
        }
        for (int pair = 0; pair < ends.length; pair++) {
            if (ends[pair] < 0 || batch.branchIds()[ends[pair]] > 1) {
                throw new IllegalArgumentException("pair " + pair + " has no chosen target behind a prompt");
            }
        }
        return ends;
    }
}

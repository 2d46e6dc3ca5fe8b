package org.dilort.runtime;

/**
 * What a graph takes: checked before every native call, whose kernels are not trusted to.
 *
 * @param vocabulary bound of token ids
 * @param longestRow tokens of the longest row, and bound of positions
 */
record BatchLimits(int vocabulary, int longestRow) {

    void check(MicroBatch batch) {
        if (batch.length() > longestRow) {
            throw new IllegalArgumentException(
                    "a row of " + batch.length() + " tokens, the graph takes at most " + longestRow);
        }
        requireBelow("input_ids", batch.inputIds(), vocabulary);
        requireBelow("target_ids", batch.targetIds(), vocabulary);
        requireBelow("position_ids", batch.positionIds(), longestRow);
    }

    private static void requireBelow(String name, long[] values, long bound) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= bound) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] = " + values[i] + ", expected 0 to " + (bound - 1));
            }
        }
    }
}

package org.dilort.data;

import java.util.Arrays;

/** The token-shaped arrays of a micro-batch, {@code [rows * length]}, zero where nothing was written. */
record TokenGrid(long[] inputIds, long[] positionIds, long[] documentIds, long[] branchIds) {

    TokenGrid(int rows, int length) {
        this(Math.multiplyExact(rows, length));
    }

    private TokenGrid(int tokens) {
        this(new long[tokens], new long[tokens], new long[tokens], new long[tokens]);
    }

    /** Writes consecutive tokens from flat index {@code at}; their positions count up from {@code position}. */
    void write(int at, int[] tokens, int document, int branch, int position) {
        long next = position;
        for (int i = 0; i < tokens.length; i++) {
            inputIds[at + i] = tokens[i];
            positionIds[at + i] = next++;
        }
        Arrays.fill(documentIds, at, at + tokens.length, document);
        Arrays.fill(branchIds, at, at + tokens.length, branch);
    }
}

package org.dilort.train;

import java.util.Arrays;

/** Rows of different length in one array, one after the other. */
final class RaggedRows {
    private final int[] starts;

    /** @param widths values of each row, 1 or more */
    RaggedRows(int[] widths) {
        starts = new int[widths.length + 1];
        for (int row = 0; row < widths.length; row++) {
            if (widths[row] < 1) {
                throw new IllegalArgumentException("row " + row + ": " + widths[row] + " values, expected 1 or more");
            }
            starts[row + 1] = Math.addExact(starts[row], widths[row]);
        }
    }

    static RaggedRows even(int rows, int width) {
        int[] widths = new int[rows];
        Arrays.fill(widths, width);
        return new RaggedRows(widths);
    }

    int rows() {
        return starts.length - 1;
    }

    int start(int row) {
        return starts[row];
    }

    int width(int row) {
        return starts[row + 1] - starts[row];
    }

    /** Values of all rows. */
    int values() {
        return starts[rows()];
    }
}

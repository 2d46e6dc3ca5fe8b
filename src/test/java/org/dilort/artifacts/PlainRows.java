package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.model.BatchInputs;
import org.dilort.testing.Array;

/** Sequences in rows of their own, padded to one length: the layout that needs no thought. */
final class PlainRows {
    private final int length;
    private final List<double[][]> rows = new ArrayList<>();
    private final List<double[]> targets = new ArrayList<>();

    PlainRows(int length) {
        this.length = length;
    }

    void add(int[] prompt, int[] response, int sequence) {
        double[][] row = new double[4][length];
        for (int column = 0; column < prompt.length + response.length; column++) {
            boolean scored = column >= prompt.length;
            int token = scored ? response[column - prompt.length] : prompt[column];
            row[0][column] = token;
            row[1][column] = column;
            row[2][column] = 1;
            row[3][column] = scored ? 1 + sequence % 2 : 0;
            if (scored) {
                targets.add(new double[] {(double) rows.size() * length + column - 1, token, sequence});
            }
        }
        rows.add(row);
    }

    /** What a graph is told of tokens and targets. */
    Map<String, Array> inputs() {
        Map<String, Array> inputs = new TreeMap<>();
        inputs.put(BatchInputs.INPUT_IDS, grid(0));
        inputs.put(BatchInputs.POSITION_IDS, grid(1));
        inputs.put(BatchInputs.DOCUMENT_IDS, grid(2));
        inputs.put(BatchInputs.BRANCH_IDS, grid(3));
        inputs.put(BatchInputs.TARGET_POSITIONS, list(0));
        inputs.put(BatchInputs.TARGET_IDS, list(1));
        inputs.put(BatchInputs.TARGET_SEQUENCES, list(2));
        return inputs;
    }

    private Array grid(int field) {
        double[] values = new double[rows.size() * length];
        for (int row = 0; row < rows.size(); row++) {
            System.arraycopy(rows.get(row)[field], 0, values, row * length, length);
        }
        return new Array(new long[] {rows.size(), length}, values);
    }

    private Array list(int field) {
        return Array.vector(
                targets.stream().mapToDouble(target -> target[field]).toArray());
    }
}

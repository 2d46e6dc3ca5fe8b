package org.dilort.testing.reference;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Linear layers by their names in a checkpoint, and the MLPs made of them. */
record Projections(Checkpoint weights) {

    /** x Wᵀ, W {@code [out][in]}. */
    Part linear(String name, int out, int in) {
        return linear(name, out, in, Bias.NONE);
    }

    /** x Wᵀ + b. */
    Part linear(String name, int out, int in, Bias bias) {
        double[][] matrix = weights.matrix(name + ".weight", out, in);
        double[] added = bias == Bias.NONE ? new double[out] : weights.vector(name + ".bias", out, 0);
        return product(matrix, added);
    }

    /** x W + b, W {@code [in][out]}: GPT-2's Conv1D. */
    Part transposed(String name, int out, int in) {
        double[][] stored = weights.matrix(name + ".weight", in, out);
        double[][] matrix = new double[out][in];
        for (int row = 0; row < out; row++) {
            for (int column = 0; column < in; column++) {
                matrix[row][column] = stored[column][row];
            }
        }
        return product(matrix, weights.vector(name + ".bias", out, 0));
    }

    private static Part product(double[][] matrix, double[] added) {
        return x -> Part.map(x, row -> {
            double[] out = added.clone();
            for (int i = 0; i < out.length; i++) {
                for (int j = 0; j < row.length; j++) {
                    out[i] += matrix[i][j] * row[j];
                }
            }
            return out;
        });
    }

    /** down(act(gate x) * up x). */
    static Part gated(Part gate, Part up, Part down, DoubleUnaryOperator activation) {
        Part active = gate.then(Part.elementwise(activation));
        return x -> down.apply(Part.product(active.apply(x), up.apply(x)));
    }

    /** Columns {@code from .. from + width - 1} of what a fused projection gives. */
    static Part columns(Part fused, int from, int width) {
        return fused.then(x -> Part.map(x, row -> Arrays.copyOfRange(row, from, from + width)));
    }

    /** Of heads that lie as {@code [heads][parts][headSize]}, one part of each. */
    static Part partOfEachHead(Part fused, int part, int parts, int heads, int headSize) {
        return fused.then(x -> Part.map(x, row -> {
            double[] out = new double[heads * headSize];
            for (int head = 0; head < heads; head++) {
                System.arraycopy(row, (head * parts + part) * headSize, out, head * headSize, headSize);
            }
            return out;
        }));
    }
}

package org.dilort.testing.reference;

import java.util.Arrays;

/** Norms over the width of every token. */
final class Norms {
    private Norms() {}

    /** x / sqrt(mean(x²) + epsilon) (offset + gain) (arXiv 1910.07467); the offset is 1 in Gemma, elsewhere 0. */
    static Part rms(double[] gain, double offset, double epsilon) {
        return x -> Part.map(x, row -> {
            double meanSquare = Arrays.stream(row).map(v -> v * v).average().orElseThrow();
            return scaled(row, 0, 1 / Math.sqrt(meanSquare + epsilon), gain, offset);
        });
    }

    /** (x - mean) / sqrt(variance + epsilon) gain + bias (arXiv 1607.06450). */
    static Part layer(double[] gain, double[] bias, double epsilon) {
        return x -> Part.map(x, row -> {
            double mean = Arrays.stream(row).average().orElseThrow();
            double variance = Arrays.stream(row)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            double[] out = scaled(row, mean, 1 / Math.sqrt(variance + epsilon), gain, 0);
            Arrays.setAll(out, i -> out[i] + bias[i]);
            return out;
        });
    }

    /** The norm of each of the heads that lie side by side in a token. */
    static Part perHead(Part norm, int headSize) {
        return x -> Part.map(x, row -> {
            double[] out = new double[row.length];
            for (int from = 0; from < row.length; from += headSize) {
                double[][] head = {Arrays.copyOfRange(row, from, from + headSize)};
                System.arraycopy(norm.apply(head)[0], 0, out, from, headSize);
            }
            return out;
        });
    }

    private static double[] scaled(double[] row, double mean, double scale, double[] gain, double offset) {
        double[] out = new double[row.length];
        Arrays.setAll(out, i -> (row[i] - mean) * scale * (offset + gain[i]));
        return out;
    }
}

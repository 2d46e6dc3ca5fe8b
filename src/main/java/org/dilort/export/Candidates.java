package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** The tokens that a draw may give, the most probable first and equal ones by id, with their weights. */
final class Candidates {
    private final int[] ids;
    private final double[] weights;

    Candidates(FloatBuffer logits, Sampling.Random sampling) {
        int vocabulary = logits.limit();
        int count = Math.min(sampling.topK(), vocabulary);
        boolean all = count == vocabulary && sampling.topP() == 1;
        int[] order = all ? unsorted(vocabulary) : Arrays.copyOf(sorted(logits), count);
        double[] exponentials = exponentials(logits, order, sampling.temperature());
        int kept = all ? count : nucleus(exponentials, sampling.topP());
        this.ids = Arrays.copyOf(order, kept);
        this.weights = Arrays.copyOf(exponentials, kept);
    }

    private static int[] unsorted(int count) {
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> i);
        return ids;
    }

    /** Sorts without boxing: the logit's bits, turned so that greater logits come first, and then the id. */
    private static int[] sorted(FloatBuffer logits) {
        long[] keys = new long[logits.limit()];
        for (int id = 0; id < keys.length; id++) {
            int bits = Float.floatToIntBits(logits.get(id));
            int ascending = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
            keys[id] = ((long) ~ascending << 32) | id;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    private static double[] exponentials(FloatBuffer logits, int[] ids, double temperature) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int id : ids) {
            greatest = Math.max(greatest, logits.get(id));
        }
        if (!Double.isFinite(greatest)) {
            throw new ExportFailure("the greatest logit is " + greatest);
        }
        double[] exponentials = new double[ids.length];
        for (int i = 0; i < ids.length; i++) {
            exponentials[i] = Math.exp((logits.get(ids[i]) - greatest) / temperature);
        }
        return exponentials;
    }

    /** How many of the first weights are needed to reach this share of their sum; at least one. */
    private static int nucleus(double[] exponentials, double share) {
        double wanted = share * Arrays.stream(exponentials).sum();
        double sum = 0;
        for (int i = 0; i < exponentials.length; i++) {
            sum += exponentials[i];
            if (sum >= wanted) {
                return i + 1;
            }
        }
        return exponentials.length;
    }

    /** @param uniform in [0, 1) */
    int draw(double uniform) {
        double wanted = uniform * Arrays.stream(weights).sum();
        double sum = 0;
        for (int i = 0; i < ids.length; i++) {
            sum += weights[i];
            if (sum > wanted) {
                return ids[i];
            }
        }
        return ids[ids.length - 1];
    }
}

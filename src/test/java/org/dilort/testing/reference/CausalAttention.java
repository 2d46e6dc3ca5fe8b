package org.dilort.testing.reference;

import java.util.Arrays;

/**
 * Causal attention (arXiv 1706.03762) with grouped heads (arXiv 2305.13245): head h reads the key and value of head
 * h / (heads / keyValueHeads).
 *
 * @param query to {@code [tokens][heads * headSize]}
 * @param key to {@code [tokens][keyValueHeads * headSize]}
 * @param value like key
 * @param scale of the scores
 * @param cap of the scores, or infinity
 * @param window how many tokens are seen, the own included
 */
record CausalAttention(
        Part query,
        Part key,
        Part value,
        int heads,
        int keyValueHeads,
        int headSize,
        Rope rope,
        double scale,
        double cap,
        int window)
        implements Part {

    /** Scores divided by sqrt(headSize), no cap, no window. */
    static CausalAttention plain(
            Part query, Part key, Part value, int heads, int keyValueHeads, int headSize, Rope rope) {
        double scale = 1 / Math.sqrt(headSize);
        return new CausalAttention(
                query,
                key,
                value,
                heads,
                keyValueHeads,
                headSize,
                rope,
                scale,
                Double.POSITIVE_INFINITY,
                Integer.MAX_VALUE);
    }

    CausalAttention withWindow(int tokens) {
        return new CausalAttention(query, key, value, heads, keyValueHeads, headSize, rope, scale, cap, tokens);
    }

    CausalAttention withScores(double newScale, double newCap) {
        return new CausalAttention(query, key, value, heads, keyValueHeads, headSize, rope, newScale, newCap, window);
    }

    @Override
    public double[][] apply(double[][] x) {
        double[][] queries = turned(query.apply(x));
        double[][] keys = turned(key.apply(x));
        double[][] values = value.apply(x);
        double[][] out = new double[x.length][heads * headSize];
        for (int token = 0; token < x.length; token++) {
            for (int head = 0; head < heads; head++) {
                attend(queries[token], head, keys, values, token, out[token]);
            }
        }
        return out;
    }

    private double[][] turned(double[][] x) {
        for (int token = 0; token < x.length; token++) {
            for (int from = 0; from < x[token].length; from += headSize) {
                rope.turn(x[token], from, token);
            }
        }
        return x;
    }

    private void attend(double[] q, int head, double[][] keys, double[][] values, int token, double[] out) {
        int own = head * headSize;
        int shared = head / (heads / keyValueHeads) * headSize;
        int first = Math.max(0, token - window + 1);
        double[] scores = new double[token + 1 - first];
        for (int seen = first; seen <= token; seen++) {
            double score = 0;
            for (int i = 0; i < headSize; i++) {
                score += q[own + i] * keys[seen][shared + i];
            }
            scores[seen - first] = Activations.softCap(score * scale, cap);
        }
        double largest = Arrays.stream(scores).max().orElseThrow();
        double total = Arrays.stream(scores).map(s -> Math.exp(s - largest)).sum();
        for (int seen = first; seen <= token; seen++) {
            double weight = Math.exp(scores[seen - first] - largest) / total;
            for (int i = 0; i < headSize; i++) {
                out[own + i] += weight * values[seen][shared + i];
            }
        }
    }
}

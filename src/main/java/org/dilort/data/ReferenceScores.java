package org.dilort.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the reference model says of a list of pairs. The arrays are shared, not copied.
 *
 * @param sums {@code [pairs * 2]} log-probability sums, chosen then rejected of each pair
 * @param tokens {@code [pairs]}, of each pair the log-probabilities of its chosen, then of its rejected tokens; empty
 *     where no head looks at tokens
 */
public record ReferenceScores(float[] sums, List<float[]> tokens) {

    public ReferenceScores {
        tokens = List.copyOf(tokens);
        if (!tokens.isEmpty() && 2 * tokens.size() != sums.length) {
            throw new IllegalArgumentException(
                    "token log-probabilities of " + tokens.size() + " pairs, expected " + sums.length / 2);
        }
    }

    public static ReferenceScores ofSums(float[] sums) {
        return new ReferenceScores(sums, List.of());
    }

    /** For heads that have no use for a reference. */
    public static ReferenceScores zeros(int pairs) {
        return ofSums(new float[2 * pairs]);
    }

    public int pairs() {
        return sums.length / 2;
    }

    /** Those of the first pairs of the list. */
    public ReferenceScores first(int count) {
        return select(IntStream.range(0, count).toArray());
    }

    /** Those of some pairs, in the order of {@code positions}. */
    public ReferenceScores select(int[] positions) {
        float[] some = new float[2 * positions.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(sums, 2 * positions[i], some, 2 * i, 2);
        }
        List<float[]> someTokens = tokens.isEmpty()
                ? List.of()
                : Arrays.stream(positions).mapToObj(tokens::get).toList();
        return new ReferenceScores(some, someTokens);
    }
}

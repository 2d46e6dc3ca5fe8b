package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static TokenizedPair pair(int prompt, int chosen, int rejected) {
        return new TokenizedPair(0, ones(prompt), ones(chosen), ones(rejected));
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * Documents of 6 + 2 + 2 = 10 and 4 + 1 + 3 = 8 tokens: neither fits behind the other in a row of 12, so they are two
     * rows of 10, 20 laid out for 18 tokens. As sequences: rows of 8, 8, 5 and 7 tokens, padded to 8 in one micro-batch, 32.
     */
    @Test
    void countsTokensAndPadding() {
        List<TokenizedPair> step = List.of(pair(6, 2, 2), pair(4, 1, 3));
        Packing packing = Packing.of(Stream.of(step, step), new PackOptions(12, 64, Layout.SHARED_TRUNK));

        assertThat(packing).isEqualTo(new Packing(2, 36, 40, 64));
        assertThat(packing.summary())
                .isEqualTo("packing of the first 2 steps: 90.0 % of what is computed are tokens, 1.60 x fewer than two"
                        + " padded rows a pair");
    }

    /** A model that reads plain sequences has no other layout. */
    @Test
    void aRowPerSequenceGainsNothing() {
        Packing packing =
                Packing.of(Stream.of(List.of(pair(6, 2, 2))), new PackOptions(12, 64, Layout.ROW_PER_SEQUENCE));
        assertThat(packing).isEqualTo(new Packing(1, 16, 16, 16));
    }
}

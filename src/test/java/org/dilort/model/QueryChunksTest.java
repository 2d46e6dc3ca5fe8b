package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryChunksTest {

    /** 512 queries each until 8 chunks hold no more: 4,097 = 7 x 513 + 506. */
    @ParameterizedTest
    @CsvSource({"1, 512, 1", "512, 512, 1", "513, 512, 2", "4096, 512, 8", "4097, 513, 8", "131072, 16384, 8"})
    void thereAreAtMostEight(int longest, int tokens, int count) {
        assertThat(QueryChunks.forRows(longest)).isEqualTo(new QueryChunks(tokens, count));
    }

    @Test
    void theLastTakesAllThatIsLeft() {
        QueryChunks chunks = new QueryChunks(5, 3);
        assertThat(chunks.range(1).from()).isEqualTo(5);
        assertThat(chunks.to(1)).isEqualTo(10);
        assertThat(chunks.range(2).from()).isEqualTo(10);
        assertThat(chunks.to(2)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 2"})
    void noneAndNothingAreRefused(int tokens, int count) {
        assertThatThrownBy(() -> new QueryChunks(tokens, count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunks of %d queries, %d of them", tokens, count);
    }
}

package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassProgressTest {
    private final List<String> lines = new ArrayList<>();
    private long nanos;

    /** 40 pairs in 8 s are too soon; 80 in 16 s are 5 a second, and 19,920 more take 3984 s. */
    @Test
    void tellsEveryTenSeconds() {
        PassProgress progress = new PassProgress("reference", 20_000, () -> nanos, lines::add);
        nanos = 8_000_000_000L;
        progress.add(40);
        assertThat(lines).isEmpty();
        nanos = 16_000_000_000L;
        progress.add(40);
        assertThat(lines).containsExactly("reference: 80 of 20,000 pairs, 5.0 a second, 1:06:24 left");
        nanos = 25_000_000_000L;
        progress.add(1);
        assertThat(lines).hasSize(1);
    }

    @Test
    void hasNothingToTellAtTheEnd() {
        PassProgress progress = new PassProgress("reference", 2, () -> nanos, lines::add);
        nanos = 60_000_000_000L;
        progress.add(2);
        assertThat(lines).isEmpty();
    }
}

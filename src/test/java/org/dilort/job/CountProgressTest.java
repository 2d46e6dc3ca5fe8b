package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountProgressTest {
    private final List<String> lines = new ArrayList<>();
    private long nanos;

    /** 1,600 in 16 s are 100 a second. */
    @Test
    void tellsEveryTenSeconds() {
        CountProgress progress = new CountProgress("pairs", () -> nanos, lines::add);
        nanos = 8_000_000_000L;
        progress.add(800);
        assertThat(lines).isEmpty();
        nanos = 16_000_000_000L;
        progress.add(800);
        assertThat(lines).containsExactly("1,600 pairs, 100.0 a second");
        nanos = 25_000_000_000L;
        progress.add(1);
        assertThat(lines).hasSize(1);
    }
}

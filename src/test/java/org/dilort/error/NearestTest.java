package org.dilort.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({
        "seed,seed,0",
        "seed,sed,1",
        "seed,seedy,1",
        "seed,sead,1",
        "seed,sede,1",
        "'',abc,3",
        "kitten,sitting,3"
    })
    void countsEdits(String a, String b, int edits) {
        assertThat(Nearest.edits(a, b)).isEqualTo(edits);
        assertThat(Nearest.edits(b, a)).isEqualTo(edits);
    }

    @Test
    void findsTheNearestName() {
        List<String> names = List.of("train", "score", "generate", "artifacts", "eval");
        assertThat(Nearest.to("trian", names)).contains("train");
        assertThat(Nearest.to("genrate", names)).contains("generate");
        assertThat(Nearest.to("evel", names)).contains("eval");
        assertThat(Nearest.to("bench", names)).isEmpty();
        assertThat(Nearest.to("", names)).isEmpty();
        assertThat(Nearest.to("train", List.of())).isEmpty();
    }

    @Test
    void takesTheFirstOfEquals() {
        assertThat(Nearest.to("bat", List.of("cat", "hat"))).contains("cat");
    }

    @Test
    void undoesAnySingleEdit() {
        List<String> names = List.of("batch_pairs", "learning_rate", "micro_batch_tokens", "exp_cap", "max_length");
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String name = names.get(random.nextInt(names.size()));
            StringBuilder damaged = new StringBuilder(name);
            int at = random.nextInt(name.length());
            switch (random.nextInt(3)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.insert(at, '7');
                default -> damaged.setCharAt(at, '7');
            }
            assertThat(Nearest.edits(damaged.toString(), name))
                    .as("seed %d", seed)
                    .isEqualTo(1);
            assertThat(Nearest.to(damaged.toString(), names))
                    .as("seed %d", seed)
                    .isPresent();
        }
    }
}

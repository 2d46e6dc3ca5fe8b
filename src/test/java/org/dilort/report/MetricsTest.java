package org.dilort.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @TempDir
    private Path folder;

    private Path file;
    private Metrics metrics;

    @BeforeEach
    void begin() {
        file = folder.resolve("metrics.jsonl");
        metrics = Metrics.of(file);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void growsByWholeLines() throws IOException {
        assertThat(metrics.update()).isFalse();
        append("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"lo");
        assertThat(metrics.update()).isTrue();
        assertThat(metrics.lastStep()).isEqualTo(1);
        assertThat(metrics.update()).isFalse();
        append("ss\":null}\n");
        assertThat(metrics.update()).isTrue();
        assertThat(metrics.of("loss").steps()).containsExactly(1, 2);
        assertThat(metrics.of("loss").values()).containsExactly(0.5, Double.NaN);
    }

    @Test
    void keepsEvaluationsApart() throws IOException {
        append("{\"step\":1,\"loss\":3}\n{\"step\":1,\"eval_loss\":4}\n{\"step\":2,\"loss\":2}\n");
        metrics.update();
        assertThat(metrics.of("eval_loss").values()).containsExactly(4);
        assertThat(metrics.of("loss").values()).containsExactly(3, 2);
        assertThat(metrics.of("eval_accuracy").size()).isZero();
    }

    /** A resumed run cuts the file to its checkpoint and goes on with other numbers: same length or longer, other lines. */
    @Test
    void readsACutFileAnew() throws IOException {
        append("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":0.4}\n");
        metrics.update();
        Files.writeString(file, "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":0.3}\n{\"step\":3,\"loss\":0.2}\n");
        metrics.update();
        assertThat(metrics.of("loss").values()).containsExactly(0.5, 0.3, 0.2);
        Files.writeString(file, "");
        metrics.update();
        assertThat(metrics.of("loss").size()).isZero();
    }

    @Test
    void passesOverWhatIsNoLineOfMetrics() throws IOException {
        append(
                "\u0000\u0000\n[1]\n{\"loss\":9}\n{\"step\":\"x\",\"loss\":9}\n{\"step\":4,\"loss\":\"9\",\"epoch\":0.5}\n");
        metrics.update();
        assertThat(metrics.all().keySet()).containsExactly("epoch");
        assertThat(metrics.lastStep()).isEqualTo(4);
    }

    @Test
    void refusesALineWithoutEnd() throws IOException {
        append("x".repeat((1 << 21) + (1 << 20)));
        assertThatThrownBy(metrics::update).hasMessageContaining("a line of more than 1048576 bytes");
    }

    /** Lines across the edges of what is read at once, in pieces of any size, are the lines of the whole file. */
    @Test
    void readsPiecesAsTheWhole() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StringBuilder all = new StringBuilder();
        for (int step = 1; step <= 20_000; step++) {
            all.append("{\"step\":").append(step).append(",\"loss\":").append(random.nextInt(1000));
            all.append(",\"pad").append(random.nextInt(9)).append("\":").append("1".repeat(random.nextInt(1, 200)));
            all.append("}\n");
        }
        for (int at = 0; at < all.length(); ) {
            int next = Math.min(all.length(), at + random.nextInt(1, 600_000));
            append(all.substring(at, next));
            metrics.update();
            at = next;
        }
        Metrics whole = Metrics.of(file);
        whole.update();
        assertThat(whole.of("loss").size()).isEqualTo(20_000);
        assertThat(metrics.of("loss").values())
                .as("seed %d", seed)
                .containsExactly(whole.of("loss").values());
    }
}

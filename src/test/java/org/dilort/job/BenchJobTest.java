package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.bench.BenchReport;
import org.dilort.bench.PairLengths;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.data.Layout;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchJobTest {
    private static Config tiny(String... more) {
        List<String> overrides = new ArrayList<>(List.of("data.max_length=16", "train.threads=1"));
        overrides.addAll(List.of(more));
        return ConfigLoader.load(Path.of("configs/bench/tiny.yaml"), overrides);
    }

    private static BenchJob.Plan plan(Layout layout, PairLengths... lengths) {
        return new BenchJob.Plan(List.of(lengths), "test", layout, 1, 2);
    }

    /** One pair a step: [4, 6, 2] has sequences of 10 and 6 tokens, and a document of 12. */
    @Test
    void countsTokensAsPeersDoAndAsComputed() {
        BenchReport shared =
                BenchJob.run(tiny("train.batch_pairs=1"), plan(Layout.SHARED_TRUNK, new PairLengths(4, 6, 2)));
        BenchReport rows =
                BenchJob.run(tiny("train.batch_pairs=1"), plan(Layout.ROW_PER_SEQUENCE, new PairLengths(4, 6, 2)));

        assertThat(shared.work()).isEqualTo(new BenchReport.Work(1, 16, 12));
        assertThat(rows.work()).isEqualTo(new BenchReport.Work(1, 16, 20));
        assertThat(shared.times().steps()).isEqualTo(2);
        assertThat(shared.loss()).isBetween(-0.6, -0.4); // LSIF at its start, two small updates later, is about -1/2
    }

    @Test
    void aHeadOverTheWholeStepIsTimedToo() {
        PairLengths each = new PairLengths(3, 4, 5);
        BenchReport report =
                BenchJob.run(tiny("head.name=kto_pair", "train.batch_pairs=2"), plan(Layout.SHARED_TRUNK, each, each));

        assertThat(report.work().pairs()).isEqualTo(2);
    }

    @Test
    void fewerLengthsThanAStepHasPairsAreRefused() {
        assertThatThrownBy(() -> BenchJob.run(tiny(), plan(Layout.SHARED_TRUNK, new PairLengths(1, 1, 1))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--lengths: got 1 pairs, expected at least the 4 of train.batch_pairs");
    }

    /** The shapes of the peer's table, by their parameters. */
    @ParameterizedTest
    @CsvSource({"tiny, 4999424", "small, 55976448", "smollm-135m, 134515008", "llama-1b, 1235814400"})
    void theConfigurationsHaveTheirShapes(String name, long parameters) {
        Config config = ConfigLoader.load(Path.of("configs/bench/" + name + ".yaml"), List.of());
        try (StartingModel start = StartingModel.open(config)) {
            assertThat(start.model().parameters().stream()
                            .mapToLong(parameter -> parameter.elements())
                            .sum())
                    .isEqualTo(parameters);
        }
    }
}

package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.runtime.UpdateResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    private static final String STEP_LINE = "{\"step\":2,\"epoch\":0.5,\"loss\":0.625,\"grad_norm\":1.5,"
            + "\"learning_rate\":5.0E-7,\"rewards/chosen\":0.25,\"rewards/rejected\":-0.5,\"rewards/margins\":0.75,"
            + "\"rewards/accuracies\":0.875,\"logps/chosen\":-12.5,\"logps/rejected\":-14.0,"
            + "\"head/saturated\":0.25,\"head/skipped\":0.0,\"tokens_per_second\":36.0,\"computed_tokens_per_second\":18.0,\"packing_efficiency\":0.75,\"step_seconds\":0.5,\"num_tokens\":36}";

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();
    private Path file;

    @BeforeEach
    void nameFile() {
        file = temporary.resolve("metrics.jsonl");
    }

    @Test
    void writesAStepWithItsKeysInOrder() throws IOException {
        write(Fakes.report());
        assertThat(file).hasContent(STEP_LINE + "\n");
        assertThat(Files.readString(file)).endsWith("}\n");
    }

    @Test
    void leavesOutWhatDataWithoutRejectedResponsesDoesNotHave() throws IOException {
        write(with(Fakes.report(), new PairMeans.ChosenOnly(0.25, -12.5, new HeadShares(0, 0.5))));
        assertThat(Files.readString(file))
                .contains("\"learning_rate\":5.0E-7,\"rewards/chosen\":0.25,\"logps/chosen\":-12.5,"
                        + "\"head/saturated\":0.0,\"head/skipped\":0.5,\"tokens_per_second\":36.0")
                .doesNotContain("rejected", "margins", "accuracies");
    }

    @Test
    void writesNumbersThatAreNotFiniteAsNullAndCountsSkippedUpdates() throws IOException {
        StepReport report = Fakes.report();
        LoopState state = new LoopState(2, 1, 1, 1, 0.5, 36);
        UpdateResult skipped = new UpdateResult(Double.POSITIVE_INFINITY, false);
        write(new StepReport(state, 4, Double.NaN, 5e-7, skipped, report.means(), 18, 9, 12, 0));
        assertThat(Files.readString(file))
                .startsWith("{\"step\":2,\"epoch\":0.5,\"loss\":null,\"grad_norm\":null,\"learning_rate\":5.0E-7,")
                .endsWith("\"tokens_per_second\":null,\"computed_tokens_per_second\":null,\"packing_efficiency\":0.75,"
                        + "\"step_seconds\":0.0,\"num_tokens\":36,\"skipped_updates\":1}\n");
    }

    // Until Java 19, Double.toString gave 2.0E-3 as 0.0020 and 2E23 as 2.0000000000000001E23 or the like.
    @Test
    void writesTheShortestDecimalThatReadsBack() throws IOException {
        TreeMap<String, Double> metrics = new TreeMap<>(Map.of("a", 2e-3, "b", 2e23, "c", 0.1f + 0.0, "d", 1e-5));
        try (MetricsLog log = MetricsLog.create(file)) {
            log.onEvaluation(new EvaluationReport(3, metrics));
        }
        assertThat(file)
                .hasContent("{\"step\":3,\"eval_a\":0.002,\"eval_b\":2.0E23,\"eval_c\":0.10000000149011612,"
                        + "\"eval_d\":1.0E-5}\n");
    }

    @Test
    void writesEvaluationsInAlphabeticalOrder() throws IOException {
        try (MetricsLog log = MetricsLog.create(file)) {
            log.onEvaluation(new EvaluationReport(3, new TreeMap<>(Map.of("rewards/margins", 0.5, "loss", 0.25))));
        }
        assertThat(file).hasContent("{\"step\":3,\"eval_loss\":0.25,\"eval_rewards/margins\":0.5}\n");
    }

    @Test
    void hasEveryLineInTheFileAsSoonAsItIsKnown() throws IOException {
        try (MetricsLog log = MetricsLog.create(file)) {
            log.onStep(Fakes.report());
            assertThat(file).hasContent(STEP_LINE + "\n");
            log.onStep(Fakes.report());
            assertThat(Files.readAllLines(file)).hasSize(2);
        }
    }

    @Test
    void startsAnewWithAnEmptyFile() throws IOException {
        Files.writeString(file, "{\"step\":1}\n");
        MetricsLog.create(file).close();
        assertThat(file).isEmptyFile();
    }

    @Test
    void resumesAfterTheLinesUpToTheCheckpoint() throws IOException {
        Files.writeString(file, "{\"step\":0,\"eval_a\":1}\n{\"step\":1}\n{\"step\":1,\"eval_a\":2}\n{\"step\":2}\n");
        try (MetricsLog log = MetricsLog.resume(file, 1, warnings::add)) {
            log.onStep(Fakes.report());
        }
        assertThat(file)
                .hasContent("{\"step\":0,\"eval_a\":1}\n{\"step\":1}\n{\"step\":1,\"eval_a\":2}\n" + STEP_LINE + "\n");
        assertThat(warnings).isEmpty();
    }

    @Test
    void dropsAPartialLastLine() throws IOException {
        for (String partial : List.of("{\"step\":2,\"lo", "{\"st", "{", "{\"step\":1}")) {
            Files.writeString(file, "{\"step\":1}\n" + partial);
            MetricsLog.resume(file, 9, warnings::add).close();
            assertThat(Files.readString(file)).as(partial).isEqualTo("{\"step\":1}\n");
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void removesDamagedLinesWithAWarning() throws IOException {
        Files.writeString(file, "{\"step\":1}\n{\"step\":2,\n\n[2]\n{\"step\":\"2\"}\n{\"step\":-4}\n{\"step\":2}\n");
        MetricsLog.resume(file, 2, warnings::add).close();
        assertThat(file).hasContent("{\"step\":1}\n{\"step\":2}\n");
        assertThat(warnings).hasSize(5).first().isEqualTo(file + ":2: not a line of a step, removed");
    }

    @Test
    void leavesAnUndamagedFileAsItIs() throws IOException {
        Files.writeString(file, "{\"step\":1}\n{\"step\":2}\n");
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        MetricsLog.resume(file, 2, warnings::add).close();
        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey())
                .isEqualTo(key);
        assertThat(file).hasContent("{\"step\":1}\n{\"step\":2}\n");
    }

    @Test
    void resumesWhereTheFileIsGone() throws IOException {
        try (MetricsLog log = MetricsLog.resume(file, 7, warnings::add)) {
            log.onStep(Fakes.report());
        }
        assertThat(file).hasContent(STEP_LINE + "\n");
    }

    @Test
    void saysWhichFileCannotBeWritten() throws IOException {
        Files.createDirectory(file);
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> MetricsLog.create(file))
                .withMessage(file + ": not written: Is a directory");
        Path missing = temporary.resolve("missing").resolve("metrics.jsonl");
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> MetricsLog.create(missing))
                .withMessage(missing + ": not written: there is no such file");
    }

    @Test
    void saysWhenTheDiskIsFull() {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        try (MetricsLog log = MetricsLog.create(full)) {
            assertThatExceptionOfType(RunFailedException.class)
                    .isThrownBy(() -> log.onStep(Fakes.report()))
                    .withMessage("/dev/full: not written: No space left on device");
        }
    }

    @Test
    void appendsOnly() throws IOException {
        try (MetricsLog log = MetricsLog.resume(file, 0, warnings::add)) {
            Files.writeString(file, "{\"step\":1}\n", StandardOpenOption.APPEND);
            log.onStep(Fakes.report());
        }
        assertThat(file).hasContent("{\"step\":1}\n" + STEP_LINE + "\n");
    }

    private void write(StepReport report) {
        try (MetricsLog log = MetricsLog.create(file)) {
            log.onStep(report);
        }
    }

    private static StepReport with(StepReport report, PairMeans means) {
        return new StepReport(
                report.state(),
                report.steps(),
                report.loss(),
                report.learningRate(),
                report.update(),
                means,
                report.numTokens(),
                report.computedTokens(),
                report.laidOutTokens(),
                report.seconds());
    }
}

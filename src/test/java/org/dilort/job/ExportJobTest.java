package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.export.TestModels;
import org.dilort.export.Variant;
import org.dilort.train.ProgressLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportJobTest {
    @TempDir
    private Path temp;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Path export;
    private Path pairs;

    @BeforeEach
    void write() throws IOException {
        export = TestModels.export(TestModels.random(temp.resolve("model"), 5, config -> {}), temp.resolve("export"));
        pairs = Files.writeString(temp.resolve("pairs.jsonl"), """
                {"prompt_ids": [3, 4], "chosen_ids": [5, 6, 7], "rejected_ids": [8, 9]}
                {"prompt_ids": [9], "chosen_ids": [10], "rejected_ids": [11, 12]}
                """);
    }

    private void add(List<Variant> variants, List<Path> measured) {
        JobOutput output = new JobOutput(
                new PrintStream(printed, true, StandardCharsets.UTF_8), System.err, ProgressLine.Style.PLAIN);
        ExportJob.add(export, variants, measured, TestModels.ONE_THREAD, output);
    }

    private JsonNode forms() throws IOException {
        JsonNode root = new ObjectMapper().readTree(Files.readString(export.resolve("variants.json")));
        assertThat(root.path("pairs").asInt()).isEqualTo(2);
        return root.path("forms");
    }

    /** One more variant does not drive the others out of the table; only what is there is measured. */
    @Test
    void everyVariantOfTheFolderIsMeasured() throws IOException {
        add(List.of(Variant.Q4), List.of());
        assertThat(export.resolve("variants.json")).doesNotExist();

        add(List.of(), List.of(pairs));
        assertThat(forms().findValuesAsText("file")).containsExactly("onnx/model.onnx", "onnx/model_q4.onnx");

        add(List.of(Variant.Q8), List.of(pairs));
        assertThat(forms().findValuesAsText("file"))
                .containsExactly("onnx/model.onnx", "onnx/model_quantized.onnx", "onnx/model_q4.onnx");
        assertThat(forms().get(0).path("kl").asDouble(1)).isZero();
        assertThat(forms().get(0).path("changed").asInt(1)).isZero();
        assertThat(forms().get(2).path("kl").asDouble()).isPositive();
        assertThat(forms().get(2).path("compared").asInt()).isEqualTo(2);
        assertThat(forms().get(2).path("accuracy").asDouble(-1)).isIn(0.0, 0.5, 1.0);
        assertThat(Files.readString(export.resolve("README.md")))
                .containsOnlyOnce("## Variants")
                .containsOnlyOnce("| onnx/model_quantized.onnx |")
                .containsOnlyOnce("| onnx/model_q4.onnx |");
    }

    @Test
    void pairsWithoutRejectedResponsesHaveNoAccuracy() throws IOException {
        Files.writeString(pairs, "{\"prompt_ids\": [3], \"chosen_ids\": [5]}\n".repeat(2));
        add(List.of(Variant.FP16), List.of(pairs));
        assertThat(forms().get(1).has("accuracy")).isFalse();
        assertThat(forms().get(1).path("compared").asInt(1)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("| - | 0 of 0 |");
    }

    @Test
    void brokenPairsAreToldOfBeforeAnythingIsWritten() throws IOException {
        Files.writeString(pairs, "{\"prompt_ids\": [3]\n");
        assertThatThrownBy(() -> add(List.of(Variant.Q4), List.of(pairs)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(pairs + ":1: ");
        assertThat(Variant.in(export)).isEmpty();

        assertThatThrownBy(() -> add(List.of(Variant.Q4), List.of(temp.resolve("none.jsonl"))))
                .isInstanceOf(DataException.class);
        assertThat(Variant.in(export)).isEmpty();
    }

    @Test
    void aFolderThatIsNoExportIsToldOfBeforeThePairs() {
        export = temp.resolve("model");
        assertThatThrownBy(() -> add(List.of(), List.of(temp.resolve("none.jsonl"))))
                .isInstanceOf(FormatException.class)
                .hasMessage(export + ": no onnx/model.onnx, expected an export folder");
    }
}

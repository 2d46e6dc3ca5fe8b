package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.eval.ChoiceTask;
import org.dilort.export.TestModels;
import org.dilort.train.ProgressLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalJobTest {
    @TempDir
    private Path temp;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Path model;
    private Path task;

    @BeforeEach
    void write() throws IOException {
        model = TestModels.random(
                temp.resolve("model"),
                3,
                config -> config.put("vocab_size", 280).put("tie_word_embeddings", false));
        TestModels.addTokenizer("tokenizer-bytes", model);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            lines.append("{\"query\": \"%d:\", \"choices\": [\"a\", \"bb\", \"c%d\"], \"gold\": %d}\n"
                    .formatted(i, i, i % 3));
        }
        task = Files.writeString(temp.resolve("letters.jsonl"), lines);
    }

    private String run(Path folder, int shots, List<Path> examples) throws IOException {
        Path out = temp.resolve("out.json");
        JobOutput output = new JobOutput(
                new PrintStream(printed, true, StandardCharsets.UTF_8), System.err, ProgressLine.Style.PLAIN);
        EvalJob.run(
                new EvalJob.Plan(
                        folder, List.of(task), examples, shots, new EvalJob.Wording(" ", ChoiceTask.Begin.BARE), out),
                TestModels.ONE_THREAD,
                output);
        return Files.readString(out).replace(folder.toString(), "MODEL");
    }

    /** Two graphs, one that packs questions into rows and one with a cache: the same answers. */
    @Test
    void aFolderAndItsExportGiveTheSameResults() throws IOException {
        Path export = TestModels.export(model, temp.resolve("export"));

        String ofFolder = run(model, 0, List.of());

        assertThat(run(export, 0, List.of())).isEqualTo(ofFolder);
        assertThat(run(export.resolve("onnx/model.onnx"), 0, List.of())).isEqualTo(ofFolder);
        assertThat(ofFolder).contains("\"letters\"", "acc,none", "acc_norm_stderr,none");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("letters: 12 questions, acc 0.");
    }

    @Test
    void examplesAreCounted() throws IOException {
        assertThat(run(model, 2, List.of(task))).contains("\"letters\" : 2");
        assertThatThrownBy(() -> run(model, 13, List.of(task)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--shots: got 13, expected at most the 12 questions of --examples");
    }
}

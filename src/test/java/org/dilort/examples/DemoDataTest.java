package org.dilort.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoDataTest {
    private static final Path DEMO = Path.of("examples/demo");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void committedFilesAreWhatTheGeneratorWrites(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(generate(folder.toString())).isEmpty();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> written = files.filter(Files::isRegularFile).toList();
            assertThat(written)
                    .hasSize(7)
                    .allSatisfy(file ->
                            assertThat(DEMO.resolve(folder.relativize(file))).hasSameBinaryContentAs(file));
        }
    }

    @Test
    void generatorWithoutAFolderSaysHowToUseIt() throws IOException, InterruptedException {
        assertThat(generate()).isEqualTo("exit code 2: usage: java examples/demo/MakeDemo.java OUT_DIR");
    }

    @ParameterizedTest
    @CsvSource({"train.jsonl, 3000", "eval.jsonl, 300"})
    void chosenIsRightAndRejectedIsWrong(String file, int pairs) throws IOException {
        List<JsonNode> lines = lines(file);
        assertThat(lines).hasSize(pairs);
        assertThat(lines).allSatisfy(line -> {
            assertThat(work(line, "chosen").isRight()).isTrue();
            assertThat(work(line, "rejected").answer())
                    .isNotEqualTo(work(line, "rejected").result());
        });
    }

    @Test
    void imperfectExamplesAreWrongInThePublishedShare() throws IOException {
        List<JsonNode> lines = lines("sft.jsonl");
        assertThat(lines).hasSize(8000);
        assertThat(lines.stream().filter(line -> !work(line, "chosen").isRight()))
                .hasSize(2970);
    }

    @Test
    void noProblemStandsTwice() throws IOException {
        List<String> prompts = new ArrayList<>();
        for (String file : List.of("train.jsonl", "eval.jsonl", "sft.jsonl")) {
            lines(file).forEach(line -> prompts.add(line.get("prompt").asText()));
        }
        assertThat(prompts).hasSize(11_300).doesNotHaveDuplicates();
    }

    private static WorkedProblem work(JsonNode line, String response) {
        return WorkedProblem.parse(
                line.get("prompt").asText(), line.get(response).asText());
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(DEMO.resolve("data").resolve(file))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** Runs the generator as its documentation says; the answer is empty when it succeeded in silence. */
    private static String generate(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(DEMO.resolve("MakeDemo.java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.waitFor();
        return exitCode == 0 ? output : "exit code " + exitCode + ": " + output;
    }
}

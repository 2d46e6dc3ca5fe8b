package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
    @TempDir
    private Path temp;

    private CommandLineRun init(String... options) {
        List<String> arguments = new ArrayList<>(List.of("config", "init"));
        arguments.addAll(List.of(options));
        return EndToEndRun.of(arguments);
    }

    @Test
    void writesAConfigurationThatIsValid() throws IOException {
        Path file = temp.resolve("mine.yaml");
        EndToEndRun.assertSucceeded(
                init("--model", "a model", "--data", "pairs: all.jsonl", "--head", "ukl", "--out", file.toString()));
        assertThat(file).content().startsWith("# ./dil-ort train --config " + file + "\n");
        Config config = ConfigLoader.load(file, List.of());
        assertThat(config.model().path()).isEqualTo(Path.of("a model"));
        assertThat(config.data().train().get(0).path()).isEqualTo(Path.of("pairs: all.jsonl"));
        assertThat(config.heads().get(0).name()).isEqualTo("ukl");
    }

    /** A key with its # taken away is the key with its default: the configuration stays what it was. */
    @Test
    void everyCommentedKeyIsTheDefault() throws IOException {
        Path file = temp.resolve("mine.yaml");
        EndToEndRun.assertSucceeded(init("--out", file.toString()));
        Config expected = ConfigLoader.load(file, List.of());
        String all = Files.readString(file)
                .lines()
                .filter(line -> !line.contains(": ...") && !line.matches("# [A-Z.].*|#"))
                .filter(line ->
                        !line.matches("# *(eval|generate|best|lora|mlflow):.*|# {4,}(max_new_tokens|examples|every_ev|"
                                + "goal|min_delta|patience|deliver|adapter|rank|alpha|targets|rslora|dora|modules_to|dropout|merge|"
                                + "quantize|experiment).*"))
                .map(line -> line.startsWith("# ") ? line.substring(2) : line)
                .reduce("", (text, line) -> text + line + "\n");
        assertThat(all).contains("\n  adam_beta2: 0.999 ", "\n  tensorboard: false ", "\nreference:\n  path: initial");
        assertThat(ConfigLoader.parse("all.yaml", all, List.of())).isEqualTo(expected);
    }

    @Test
    void refusesToWriteOverAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("mine.yaml"), "mine");
        CommandLineRun run = init("--out", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("dil-ort: " + file + ": is there already, expected a new file\n");
        assertThat(file).content().isEqualTo("mine");
    }

    @Test
    void saysWhatItDoesNotKnow() {
        CommandLineRun head = init("--head", "lsiff");
        assertThat(head.exitCode()).isEqualTo(2);
        assertThat(head.err()).contains("lsiff", "lsif");
        CommandLineRun action = EndToEndRun.of(List.of("config", "show"));
        assertThat(action.exitCode()).isEqualTo(2);
        assertThat(action.err()).contains("config: got \"show\", expected init or schema");
    }

    @Test
    void printsTheSchema() {
        CommandLineRun run = EndToEndRun.of(List.of("config", "schema"));
        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).startsWith("{\n  \"$schema\" : \"https://json-schema.org/draft/2020-12/schema\"");
    }
}

package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script for bash, run by bash. */
class CompletionTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    private Path temp;

    private Path script;

    @BeforeEach
    void writeScript() throws IOException {
        CommandLineRun run = EndToEndRun.of(List.of("completion", "bash"));
        EndToEndRun.assertSucceeded(run);
        script = Files.writeString(temp.resolve("dil-ort.bash"), run.out());
    }

    /** What bash offers for the last of the words. */
    private List<String> offered(String... words) throws IOException, InterruptedException {
        assumeThat(BASH).exists();
        StringBuilder line = new StringBuilder("source " + script + "; COMP_WORDS=(dil-ort");
        for (String word : words) {
            line.append(" '").append(word).append('\'');
        }
        line.append("); COMP_CWORD=").append(words.length).append("; _dil_ort; printf '%s\\n' \"${COMPREPLY[@]}\"");
        Process bash = new ProcessBuilder(BASH.toString(), "--norc", "-c", line.toString())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return out.lines().filter(text -> !text.isEmpty()).toList();
    }

    @Test
    void offersCommands() throws Exception {
        assertThat(offered(""))
                .contains("train", "eval", "sweep", "help", "completion")
                .doesNotHaveDuplicates();
        assertThat(offered("re")).containsExactlyInAnyOrder("report", "reference");
    }

    @Test
    void offersTheOptionsOfACommand() throws Exception {
        assertThat(offered("train", "--")).containsExactlyInAnyOrder("--config", "--set", "--help", "--debug");
        assertThat(offered("serve", "--p")).containsExactly("--port");
        assertThat(offered("eval", "pairs", "--sub")).containsExactly("--subset");
        assertThat(offered("eval", "--ta")).containsExactly("--task");
    }

    @Test
    void offersFormsAndActions() throws Exception {
        assertThat(offered("eval", "")).contains("pairs", "perplexity", "match", "versus");
        assertThat(offered("data", "in")).containsExactly("inspect");
        assertThat(offered("config", "")).contains("init", "schema");
    }

    @Test
    void offersKeysAndHeads() throws Exception {
        assertThat(offered("train", "--set", "train.adam_"))
                .containsExactlyInAnyOrder("train.adam_beta1=", "train.adam_beta2=", "train.adam_epsilon=");
        assertThat(offered("config", "init", "--head", "lsi")).containsExactly("lsif");
    }

    @Test
    void offersFilesForValues() throws Exception {
        Files.writeString(temp.resolve("my run.yaml"), "");
        assertThat(offered("train", "--config", "my")).containsExactly("my run.yaml");
    }

    @Test
    void otherShellsHaveTheirs() {
        CommandLineRun zsh = EndToEndRun.of(List.of("completion", "zsh"));
        assertThat(zsh.out()).contains("bashcompinit", "complete -o filenames -F _dil_ort dil-ort");
        CommandLineRun fish = EndToEndRun.of(List.of("completion", "fish"));
        assertThat(fish.out())
                .contains("complete -c dil-ort -n '__fish_seen_subcommand_from serve' -l port -r -d '")
                .contains("train.seed= ");
        assertThat(fish.out().lines().filter(line -> !line.startsWith("#"))).allMatch(CompletionTest::quotesMatch);
        CommandLineRun other = EndToEndRun.of(List.of("completion", "csh"));
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("completion: got \"csh\", expected bash, zsh or fish");
    }

    private static boolean quotesMatch(String line) {
        return line.replace("\\'", "").chars().filter(letter -> letter == '\'').count() % 2 == 0;
    }
}

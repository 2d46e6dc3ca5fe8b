package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a run ends in one line that says what and where, in exit code 2, and leaves nothing behind. */
abstract class RefusedEndToEndRun {
    static final Path TINY_MODEL = Path.of("src/test/resources/golden/tiny-llama_gqa_tied");

    @TempDir
    Path temp;

    void assertRefused(String message, String... overrides) {
        assertThat(refusal(overrides)).isEqualTo(message);
    }

    /** The one line of a run that is refused, without the program's name. */
    String refusal(String... overrides) {
        CommandLineRun run = EndToEndRun.train(temp.resolve("out"), overrides);
        assertThat(run.exitCode()).as("%s %s", Arrays.toString(overrides), run).isEqualTo(2);
        assertThat(run.err()).startsWith("dil-ort: ").endsWith("\n").hasLineCount(1);
        assertNothingLeft();
        return run.err().substring("dil-ort: ".length()).strip();
    }

    void assertNothingLeft() {
        Path output = temp.resolve("out");
        if (Files.isDirectory(output)) {
            assertThat(RunFiles.names(output)).isSubsetOf(".lock");
        }
    }
}

package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.job.RunFiles;

/** The program in this process, from its arguments to its exit code. */
final class EndToEndRun {
    private EndToEndRun() {}

    static CommandLineRun of(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int exitCode = Main.run(arguments, console);
        return new CommandLineRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** {@code train} with the tiny configuration. */
    static CommandLineRun train(Path output, String... overrides) {
        return of(trainArguments(output, overrides));
    }

    static void assertSucceeded(CommandLineRun run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).as(run.out()).isZero();
    }

    static List<String> trainArguments(Path output, String... overrides) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--config", RunFiles.TINY.toString(), "--set", "output=" + output));
        for (String override : overrides) {
            arguments.add("--set");
            arguments.add(override);
        }
        return arguments;
    }
}

package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.train.RunFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationTest {
    @TempDir
    private Path reports;

    @Test
    void passesOptionsToTheCommand() {
        CommandLineRun run = run(
                (arguments, console) -> {
                    console.out()
                            .print(arguments.path("config") + " " + arguments.wholeNumber("count", 1) + " "
                                    + arguments.all("set") + " " + arguments.has("force") + " "
                                    + arguments.text("a-name-that-is-very-long-indeed"));
                    return 130;
                },
                "fake",
                "--set",
                "a=b",
                "--config",
                "x.yaml",
                "--set=c=d=e",
                "--set",
                "\"q\"");
        assertThat(run).isEqualTo(new CommandLineRun(130, "x.yaml 5 [a=b, c=d=e, \"q\"] false ", ""));
    }

    @Test
    void takesValuesThatLookLikeOptions() {
        CommandLineRun run = run(
                (arguments, console) -> {
                    console.out().print(arguments.text("config") + "|" + arguments.wholeNumber("count", -9));
                    return 0;
                },
                "fake",
                "--config",
                "-x --y",
                "--count",
                "-3",
                "--force");
        assertThat(run).isEqualTo(new CommandLineRun(0, "-x --y|-3", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "fake|fake: missing option --config FILE (see dil-ort help fake)",
                "fake --confg x|fake: unknown option --confg; did you mean --config? (see dil-ort help fake)",
                "fake --confg=x|fake: unknown option --confg; did you mean --config? (see dil-ort help fake)",
                "fake --zzzzz x|fake: unknown option --zzzzz (see dil-ort help fake)",
                "fake -z|fake: unknown option -z (see dil-ort help fake)",
                "fake --conf x|fake: unknown option --conf; did you mean --config? (see dil-ort help fake)",
                "fake --config|fake: --config: missing its value (see dil-ort help fake)",
                "fake --config --force|fake: --config: missing its value (see dil-ort help fake)",
                "fake --config x --config y|fake: --config is given 2 times, expected once (see dil-ort help fake)",
                "fake --config x y|fake: unexpected argument \"y\" (see dil-ort help fake)",
                "fake --config x --count many|--count: got \"many\", expected a whole number >= 1",
                "fake --config x --count 0|--count: got 0, expected a whole number >= 1",
                "fake --config x --count 99999999999|--count: got \"99999999999\", expected a whole number >= 1",
                "fkae|unknown command \"fkae\"; did you mean fake?",
                "hlep|unknown command \"hlep\"; did you mean help?",
                "serve|unknown command \"serve\"; dil-ort help shows them all",
                "help serve|unknown command \"serve\"; dil-ort help shows them all",
                "help fake fake|help: got 2 commands, expected one",
                "--config x|unknown option --config, expected a command (see dil-ort help)",
            })
    void saysWhatIsWrongWithTheCommandLine(String line, String message) {
        CommandLineRun run = run(
                (arguments, console) -> arguments.wholeNumber("count", 1)
                        + arguments.path("config").getNameCount(),
                line.split(" "));
        assertThat(run).isEqualTo(new CommandLineRun(2, "", "dil-ort: " + message + "\n"));
    }

    @Test
    void refusesAnEmptyPath() {
        CommandLineRun run =
                run((arguments, console) -> arguments.path("config").getNameCount(), "fake", "--config", "");
        assertThat(run).isEqualTo(new CommandLineRun(2, "", "dil-ort: --config: got an empty text, expected a path\n"));
    }

    @Test
    void makesOneLineOfAUsersMistake() {
        CommandLineRun run = run(
                (arguments, console) -> {
                    throw new DataException("a.jsonl line 3: not JSON:\n  at x\n");
                },
                "fake",
                "--config",
                "x");
        assertThat(run).isEqualTo(new CommandLineRun(2, "", "dil-ort: a.jsonl line 3: not JSON: at x\n"));
    }

    @Test
    void aRunThatFailedIsNoFaultOfTheProgram() {
        CommandLineRun run = run(
                (arguments, console) -> {
                    throw new RunFailedException("out/checkpoints: checkpoint not written: no space");
                },
                "fake",
                "--config",
                "x");
        assertThat(run)
                .isEqualTo(new CommandLineRun(1, "", "dil-ort: out/checkpoints: checkpoint not written: no space\n"));
    }

    @Test
    void showsTheTraceOfAMistakeOnRequest() {
        CommandLineRun run = run(
                (arguments, console) -> {
                    throw new DataException("wrong");
                },
                "--debug",
                "fake",
                "--config",
                "x");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("dil-ort: wrong\n").contains("at org.dilort.cli.ApplicationTest");
    }

    @Test
    void writesTheTraceOfAFaultToAFile() throws IOException {
        CommandLineRun run = run(
                (arguments, console) -> {
                    throw new IllegalStateException("lost\nthe thread");
                },
                "fake",
                "--config",
                "x");
        Path report = onlyReport();
        assertThat(run)
                .isEqualTo(new CommandLineRun(
                        1,
                        "",
                        "dil-ort: internal error: IllegalStateException: lost the thread (stack trace in " + report
                                + ")\n"));
        assertThat(report)
                .content()
                .contains(
                        "arguments: [fake, --config, x]", "IllegalStateException: lost\nthe thread", "\tat org.dilort");
    }

    @Test
    void showsTheTraceOfAFaultOnRequest() throws IOException {
        CommandLineRun run = run(
                (arguments, console) -> {
                    throw new IllegalStateException();
                },
                "fake",
                "--config",
                "x",
                "--debug");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("dil-ort: internal error: IllegalStateException\njava.lang.IllegalStateException\n\tat ");
        try (var files = Files.list(reports)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void survivesAReportThatCannotBeWritten() {
        CommandLineRun run = CommandLineRun.of(
                List.of(new FakeCommand((arguments, console) -> {
                    throw new IllegalStateException("lost the thread");
                })),
                reports.resolve("none"),
                "fake",
                "--config",
                "x");
        assertThat(run)
                .isEqualTo(
                        new CommandLineRun(
                                1,
                                "",
                                "dil-ort: internal error: IllegalStateException: lost the thread (stack trace with --debug)\n"));
    }

    @Test
    void saysWhichFileFailedAndWhyWithoutAReport() throws IOException {
        IOException full = new IOException("No space left on device");
        CommandLineRun unchecked = run(
                (arguments, console) -> {
                    throw new UncheckedIOException("hf/model.safetensors: cannot be written", full);
                },
                "fake",
                "--config",
                "x");
        assertThat(unchecked)
                .isEqualTo(new CommandLineRun(
                        1, "", "dil-ort: hf/model.safetensors: cannot be written: No space left on device\n"));
        CommandLineRun checked = run(
                (arguments, console) -> {
                    throw full;
                },
                "fake",
                "--config",
                "x");
        assertThat(checked)
                .isEqualTo(new CommandLineRun(1, "", "dil-ort: input or output failed: No space left on device\n"));
        try (var files = Files.list(reports)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void endsInOneLineWhenTheMachineGivesUp() {
        CommandLineRun memory = run(
                (arguments, console) -> {
                    throw new OutOfMemoryError("Java heap space");
                },
                "fake",
                "--config",
                "x");
        assertThat(memory.exitCode()).isEqualTo(1);
        assertThat(memory.err())
                .startsWith("dil-ort: out of memory: Java heap space; the heap's limit is ")
                .hasLineCount(1);
        CommandLineRun thread = run(
                (arguments, console) -> {
                    throw new IllegalStateException(new OutOfMemoryError("unable to create native thread"));
                },
                "fake",
                "--config",
                "x");
        assertThat(thread.exitCode()).isEqualTo(1);
        assertThat(thread.err())
                .startsWith(
                        "dil-ort: out of memory: unable to create native thread; the machine has no more, or a limit"
                                + " of this process (ulimit -a) is too small (stack trace in ")
                .hasLineCount(1);
        CommandLineRun stack = run((arguments, console) -> forever(1), "fake", "--config", "x");
        assertThat(stack.exitCode()).isEqualTo(1);
        assertThat(stack.err())
                .startsWith("dil-ort: internal error: StackOverflowError (stack trace in ")
                .hasLineCount(1);
        CommandLineRun link = run(
                (arguments, console) -> {
                    throw new UnsatisfiedLinkError("no onnxruntime");
                },
                "fake",
                "--config",
                "x");
        assertThat(link.exitCode()).isEqualTo(1);
        assertThat(link.err()).startsWith("dil-ort: internal error: UnsatisfiedLinkError: no onnxruntime (");
    }

    private static int forever(int depth) {
        return depth == 0 ? 0 : 1 + forever(depth + 1);
    }

    private Path onlyReport() throws IOException {
        try (var files = Files.list(reports)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private CommandLineRun run(FakeCommand.Work work, String... arguments) {
        return CommandLineRun.of(List.of(new FakeCommand(work)), reports, arguments);
    }
}

package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    private static final String OVERVIEW = """
            usage: dil-ort COMMAND [OPTION]...

            Aligns causal language models with preference data.

            commands:
              train       align a model with preference data: train, evaluate, export
              validate    check a configuration and print it with every default filled in, or check its data
              completion  print a script by which bash, zsh or fish completes what is typed
              help        show the commands, or the options of one

            options:
              --help     show this text; dil-ort help COMMAND or dil-ort COMMAND --help shows a command's
              --version  show the version
              --debug    show the stack trace of an error here instead of writing it to a file

            exit codes: 0 done, 1 the run failed, 2 usage, configuration or data was wrong
            """;

    private static final String FAKE = """
            usage: dil-ort fake --config FILE [--count N] [--set KEY=VALUE]... [--force]
                                [--a-name-that-is-very-long-indeed SOMETHING]

            Do what a test wants, with a summary so long that it has to be cut somewhere near its hundredth
            letter.

            options:
              --config FILE                 what to read (required)
              --count N                     how many (default: 5)
              --set KEY=VALUE               what to change (may be repeated)
              --force                       whatever happens
              --a-name-that-is-very-long-indeed SOMETHING
                                            the name
              --help                        show this text
              --debug                       show the stack trace of an error here instead of writing it to a
                                            file
            """;

    @TempDir
    private Path reports;

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "--debug help"})
    void showsTheCommands(String line) {
        assertThat(run(line)).isEqualTo(new CommandLineRun(0, OVERVIEW, ""));
    }

    @Test
    void showsTheCommandsAsAMistakeWithoutACommand() {
        assertThat(CommandLineRun.of(commands(), reports)).isEqualTo(new CommandLineRun(2, "", OVERVIEW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help fake", "fake --help", "fake -h", "fake --config x --help", "fake --help extra"})
    void showsTheOptionsOfACommand(String line) {
        List<Command> fake = List.of(new FakeCommand((arguments, console) -> 0));
        assertThat(CommandLineRun.of(fake, reports, line.split(" "))).isEqualTo(new CommandLineRun(0, FAKE, ""));
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void fitsAHundredColumns(Command command) {
        CommandLineRun help = CommandLineRun.of(List.of(command), reports, "help", command.name());
        assertThat(help.exitCode()).isZero();
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100 && line.equals(line.stripTrailing()));
        command.options().forEach(option -> assertThat(help.out()).contains("  " + option.synopsis()));
        assertThat(CommandLineRun.of(List.of(command), reports, command.name(), "--help"))
                .isEqualTo(help);
    }

    static List<Command> everyCommand() {
        return List.of(
                new TrainCommand((config, console) -> 0),
                new ScoreCommand((request, console) -> 0),
                new EvalCommand((plan, console) -> 0),
                new EvalPairsCommand((plan, console) -> 0),
                new EvalPerplexityCommand((plan, console) -> 0),
                new EvalMatchCommand((plan, console) -> 0),
                new EvalVersusCommand((plan, console) -> 0, Map.of()),
                new ArtifactsCommand((config, out, layout, console) -> 0),
                new GenerateCommand((request, console) -> 0),
                new ExportCommand((folder, console) -> 0),
                new ValidateCommand((config, console) -> 0),
                new HelpCommand(List.of()));
    }

    @Test
    void showsTheVersion() {
        CommandLineRun run = run("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("dil-ort \\S+\n");
    }

    private CommandLineRun run(String line) {
        return CommandLineRun.of(commands(), reports, line.split(" "));
    }

    private static List<Command> commands() {
        return List.of(new TrainCommand((config, console) -> 0), new ValidateCommand((config, console) -> 0));
    }
}

package org.dilort.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.dilort.error.RunFailure;
import org.dilort.error.UserException;
import org.dilort.files.DurableFiles;

/** Finds the command, runs it, and turns whatever happens into at most one line and an exit code. */
final class Application {
    private static final String DEBUG_FLAG = "--" + ArgumentParser.DEBUG.name();

    private final Commands commands;
    private final Console console;
    private final CrashReport crashReport;

    Application(List<Command> commands, Console console, CrashReport crashReport) {
        this.commands = new Commands(commands);
        this.console = console;
        this.crashReport = crashReport;
    }

    int run(List<String> arguments) {
        try {
            return dispatch(arguments.stream().dropWhile(DEBUG_FLAG::equals).toList());
        } catch (UserException e) {
            say(String.valueOf(e.getMessage()), e, arguments);
            return ExitCode.WRONG_INPUT;
        } catch (RunFailure e) {
            say(String.valueOf(e.getMessage()), e, arguments);
            return ExitCode.FAILED;
        } catch (UncheckedIOException e) {
            say(DurableFiles.problem(e), e, arguments);
            return ExitCode.FAILED;
        } catch (IOException e) {
            say(DurableFiles.problem(e), e, arguments);
            return ExitCode.FAILED;
        } catch (Throwable e) {
            crashReport.print(e, arguments, arguments.contains(DEBUG_FLAG), console);
            return ExitCode.FAILED;
        }
    }

    private void say(String problem, Exception failure, List<String> arguments) {
        console.err().println("dil-ort: " + Lines.one(problem));
        if (arguments.contains(DEBUG_FLAG)) {
            failure.printStackTrace(console.err());
        }
    }

    private int dispatch(List<String> arguments) throws Exception {
        if (arguments.isEmpty()) {
            console.err().print(HelpText.overview(commands.all()));
            return ExitCode.WRONG_INPUT;
        }
        String first = arguments.get(0);
        return switch (first) {
            case "--help", "-h" -> show(HelpText.overview(commands.all()));
            case "--version" -> show("dil-ort " + Version.text() + "\n");
            default -> runCommand(commands.first(arguments));
        };
    }

    private int runCommand(Commands.Line line) throws Exception {
        Command command = line.command();
        if (line.arguments().equals(List.of("-h"))) {
            return show(HelpText.command(command));
        }
        Arguments parsed = new ArgumentParser(command).parse(line.arguments());
        return parsed.has(ArgumentParser.HELP.name()) ? show(HelpText.command(command)) : command.run(parsed, console);
    }

    private int show(String text) {
        console.out().print(text);
        return ExitCode.DONE;
    }
}

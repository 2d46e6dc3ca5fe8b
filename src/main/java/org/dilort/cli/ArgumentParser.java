package org.dilort.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.dilort.error.Nearest;

/** Parses what follows the name of a command; what is wrong is said with the long names of the options. */
final class ArgumentParser {
    static final CommandOption HELP = CommandOption.flag("help", "show this text");
    static final CommandOption DEBUG =
            CommandOption.flag("debug", "show the stack trace of an error here instead of writing it to a file");

    private final Command command;
    private final List<CommandOption> options;

    ArgumentParser(Command command) {
        this.command = command;
        this.options = allOptions(command);
    }

    static List<CommandOption> allOptions(Command command) {
        List<CommandOption> all = new ArrayList<>(command.options());
        all.add(HELP);
        all.add(DEBUG);
        return List.copyOf(all);
    }

    Arguments parse(List<String> arguments) {
        Options known = new Options();
        options.forEach(option -> known.addOption(option.toOption()));
        try {
            CommandLine line = DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .setStripLeadingAndTrailingQuotes(false)
                    .get()
                    .parse(known, arguments.toArray(String[]::new));
            if (!line.hasOption(HELP.name())) {
                check(line);
            }
            return new Arguments(options, line);
        } catch (UnrecognizedOptionException e) {
            throw unknown(e.getOption());
        } catch (MissingArgumentException e) {
            throw wrong("--" + e.getOption().getLongOpt() + ": missing its value");
        } catch (ParseException e) {
            throw wrong(e.getMessage());
        }
    }

    private void check(CommandLine line) {
        for (CommandOption option : options) {
            int given = times(option, line);
            if (given == 0 && option.count() == CommandOption.Count.ONCE) {
                throw wrong("missing option " + option.synopsis());
            }
            if (given > 1 && option.count() != CommandOption.Count.ANY) {
                throw wrong("--" + option.name() + " is given " + given + " times, expected once");
            }
        }
        if (command.operand().isEmpty() && !line.getArgList().isEmpty()) {
            throw wrong("unexpected argument \"" + line.getArgList().get(0) + "\"");
        }
    }

    private static int times(CommandOption option, CommandLine line) {
        int times = 0;
        for (Option given : line.getOptions()) {
            times += given.getLongOpt().equals(option.name()) ? 1 : 0;
        }
        return times;
    }

    private UsageException unknown(String token) {
        String typed = token.contains("=") ? token.substring(0, token.indexOf('=')) : token;
        List<String> names = options.stream().map(CommandOption::name).toList();
        String hint = Nearest.to(typed.replaceFirst("^-+", ""), names)
                .map(name -> "; did you mean --" + name + "?")
                .orElse("");
        return wrong("unknown option " + typed + hint);
    }

    private UsageException wrong(String problem) {
        return new UsageException(command.name() + ": " + problem + " (see dil-ort help " + command.name() + ")");
    }
}

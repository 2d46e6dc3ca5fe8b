package org.dilort.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** What was given to a command, with the defaults of its options. */
final class Arguments {
    private final List<CommandOption> options;
    private final CommandLine line;

    Arguments(List<CommandOption> options, CommandLine line) {
        this.options = List.copyOf(options);
        this.line = line;
    }

    boolean has(String name) {
        return line.hasOption(option(name).name());
    }

    /** The value, else the default; the empty text for an option that has neither. */
    String text(String name) {
        return line.getOptionValue(name, option(name).defaultValue());
    }

    Path path(String name) {
        String text = text(name);
        if (text.isBlank()) {
            throw wrong(name, "an empty text", "a path");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw wrong(name, '"' + text + '"', "a path");
        }
    }

    int wholeNumber(String name, int least) {
        String text = text(name);
        try {
            int value = Integer.parseInt(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, '"' + text + '"', "a whole number >= " + least);
        }
        throw wrong(name, text, "a whole number >= " + least);
    }

    /** Every value of an option that may be repeated, in order. */
    List<String> all(String name) {
        String[] values = line.getOptionValues(option(name).name());
        return values == null ? List.of() : List.copyOf(Arrays.asList(values));
    }

    List<String> operands() {
        return List.copyOf(line.getArgList());
    }

    private CommandOption option(String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("option --" + name + " was not declared"));
    }

    private static UsageException wrong(String name, String got, String expected) {
        return new UsageException("--" + name + ": got " + got + ", expected " + expected);
    }
}

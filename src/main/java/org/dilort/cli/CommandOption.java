package org.dilort.cli;

import org.apache.commons.cli.Option;

/**
 * A long option of a command.
 *
 * @param name without dashes
 * @param argument what stands for the value in help; empty = a flag without value
 * @param defaultValue used where the option is left out; empty = none
 */
record CommandOption(String name, String argument, String description, String defaultValue, Count count) {

    /** How often an option may be given. */
    enum Count {
        ONCE,
        AT_MOST_ONCE,
        ANY
    }

    static CommandOption required(String name, String argument, String description) {
        return new CommandOption(name, argument, description, "", Count.ONCE);
    }

    static CommandOption optional(String name, String argument, String defaultValue, String description) {
        return new CommandOption(name, argument, description, defaultValue, Count.AT_MOST_ONCE);
    }

    static CommandOption repeated(String name, String argument, String description) {
        return new CommandOption(name, argument, description, "", Count.ANY);
    }

    static CommandOption flag(String name, String description) {
        return new CommandOption(name, "", description, "", Count.AT_MOST_ONCE);
    }

    boolean isFlag() {
        return argument.isEmpty();
    }

    /** As it is typed: {@code --config FILE}. */
    String synopsis() {
        return "--" + name + (isFlag() ? "" : " " + argument);
    }

    /** As it stands in a usage line: {@code [--set KEY=VALUE]...}. */
    String usage() {
        return switch (count) {
            case ONCE -> synopsis();
            case AT_MOST_ONCE -> "[" + synopsis() + "]";
            case ANY -> "[" + synopsis() + "]...";
        };
    }

    Option toOption() {
        return Option.builder().longOpt(name).hasArg(!isFlag()).get();
    }
}

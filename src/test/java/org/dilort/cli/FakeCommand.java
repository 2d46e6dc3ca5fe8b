package org.dilort.cli;

import java.util.List;

/** A command with an option of every kind that does what a test wants. */
record FakeCommand(Work work) implements Command {

    interface Work {
        int run(Arguments arguments, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String summary() {
        return "do what a test wants, with a summary so long that it has to be cut somewhere near its hundredth letter";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                CommandOption.required("config", "FILE", "what to read"),
                CommandOption.optional("count", "N", "5", "how many"),
                CommandOption.repeated("set", "KEY=VALUE", "what to change"),
                CommandOption.flag("force", "whatever happens"),
                CommandOption.optional("a-name-that-is-very-long-indeed", "SOMETHING", "", "the name"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        return work.run(arguments, console);
    }
}

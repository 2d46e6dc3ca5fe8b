package org.dilort.cli;

import java.util.List;

/** Shows the help of the program or of one command. */
record HelpCommand(List<Command> others) implements Command {

    HelpCommand {
        others = List.copyOf(others);
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String summary() {
        return "show the commands, or the options of one";
    }

    @Override
    public List<CommandOption> options() {
        return List.of();
    }

    @Override
    public String operand() {
        return "[COMMAND]";
    }

    @Override
    public int run(Arguments arguments, Console console) {
        List<String> operands = arguments.operands();
        Commands commands = new Commands(others);
        console.out().print(operands.isEmpty() ? HelpText.overview(commands.all()) : one(commands, operands));
        return ExitCode.DONE;
    }

    private static String one(Commands commands, List<String> operands) {
        Commands.Line line = commands.first(operands);
        if (!line.arguments().isEmpty()) {
            throw new UsageException("help: got " + operands.size() + " commands, expected one");
        }
        return HelpText.command(line.command());
    }
}

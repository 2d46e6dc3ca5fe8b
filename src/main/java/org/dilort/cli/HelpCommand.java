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
        if (operands.size() > 1) {
            throw new UsageException("help: got " + operands.size() + " commands, expected one");
        }
        console.out()
                .print(
                        operands.isEmpty()
                                ? HelpText.overview(commands.all())
                                : HelpText.command(commands.find(operands.get(0))));
        return ExitCode.DONE;
    }
}

package org.dilort.cli;

import java.util.List;

/** {@code dil-ort completion}: a script by which a shell completes commands, options, keys of a configuration and heads. */
record CompletionCommand(List<Command> others) implements Command {

    CompletionCommand {
        others = List.copyOf(others);
    }

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String summary() {
        return "print a script by which bash, zsh or fish completes what is typed";
    }

    @Override
    public List<CommandOption> options() {
        return List.of();
    }

    @Override
    public String operand() {
        return "bash | zsh | fish";
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String shell = String.join(" ", arguments.operands());
        CompletionScript script = new CompletionScript(new Commands(others).all());
        console.out()
                .print(
                        switch (shell) {
                            case "bash" -> script.bash();
                            case "zsh" -> script.zsh();
                            case "fish" -> script.fish();
                            default ->
                                throw new UsageException(
                                        "completion: got \"" + shell + "\", expected bash, zsh or fish");
                        });
        return ExitCode.DONE;
    }
}

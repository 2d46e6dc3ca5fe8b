package org.dilort.cli;

import java.util.ArrayList;
import java.util.List;
import org.dilort.error.Nearest;

/** The commands by name; help is always one of them. */
final class Commands {
    private final List<Command> all;

    Commands(List<Command> others) {
        List<Command> commands = new ArrayList<>(others);
        commands.add(new HelpCommand(others));
        this.all = List.copyOf(commands);
    }

    List<Command> all() {
        return all;
    }

    Command find(String name) {
        return all.stream()
                .filter(command -> command.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private UsageException unknown(String name) {
        if (name.startsWith("-")) {
            return new UsageException("unknown option " + name + ", expected a command (see dil-ort help)");
        }
        String hint = Nearest.to(name, all.stream().map(Command::name).toList())
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("dil-ort help shows them all");
        return new UsageException("unknown command \"" + name + "\"; " + hint);
    }
}

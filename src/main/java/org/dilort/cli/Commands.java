package org.dilort.cli;

import java.util.ArrayList;
import java.util.List;
import org.dilort.error.Nearest;

/** The commands by name; completion and help are always among them. */
final class Commands {
    private final List<Command> all;

    Commands(List<Command> others) {
        List<Command> commands = new ArrayList<>(others);
        commands.add(new CompletionCommand(others));
        commands.add(new HelpCommand(others));
        this.all = List.copyOf(commands);
    }

    List<Command> all() {
        return all;
    }

    /** A command with what follows its name. */
    record Line(Command command, List<String> arguments) {
        Line {
            arguments = List.copyOf(arguments);
        }
    }

    /** The command that a line begins with; its name may have two words, such as {@code eval pairs}. */
    Line first(List<String> line) {
        if (line.size() > 1) {
            String words = line.get(0) + " " + line.get(1);
            for (Command command : all) {
                if (command.name().equals(words)) {
                    return new Line(command, line.subList(2, line.size()));
                }
            }
            requireKnown(line.get(0), line.get(1));
        }
        return new Line(find(line.get(0)), line.subList(1, line.size()));
    }

    /** Of a command with forms of its own, a second word must be one of them. */
    private void requireKnown(String first, String second) {
        List<String> forms = all.stream()
                .map(Command::name)
                .filter(name -> name.startsWith(first + " "))
                .map(name -> name.substring(first.length() + 1))
                .toList();
        boolean word = !second.startsWith("-");
        if (word && !forms.isEmpty() && !find(first).operand().equals("[" + second + "]")) {
            throw new UsageException(
                    first + ": got " + second + ", expected one of " + String.join(", ", forms) + " or an option");
        }
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

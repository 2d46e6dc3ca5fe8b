package org.dilort.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dilort.config.ConfigSchema;
import org.dilort.heads.Head;
import org.dilort.heads.Heads;

/** What shells complete, from the table of commands: nothing is asked of dil-ort while somebody types. */
final class CompletionScript {
    private static final String PROGRAM = "dil-ort";

    private final List<Command> commands;

    CompletionScript(List<Command> commands) {
        this.commands = List.copyOf(commands);
    }

    String bash() {
        return """
                # dil-ort for bash: source this, or put it into the folder of completions.
                _dil_ort() {
                  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" words options
                  COMPREPLY=()
                  if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "%s" -- "$cur"))
                    return
                  fi
                  case "$prev" in
                    --set) COMPREPLY=($(compgen -S = -W "%s" -- "$cur")); compopt -o nospace 2>/dev/null; return ;;
                    --head) COMPREPLY=($(compgen -W "%s" -- "$cur")); return ;;
                    --*) local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur")); return ;;
                  esac
                  case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
                %s    *) case "${COMP_WORDS[1]}" in
                %s    esac ;;
                  esac
                  [ "$COMP_CWORD" -gt 2 ] && words=
                  case "$cur" in
                    -*) COMPREPLY=($(compgen -W "$options" -- "$cur")) ;;
                    *) COMPREPLY=($(compgen -W "$words" -- "$cur")); local IFS=$'\\n'; COMPREPLY+=($(compgen -f -- "$cur")) ;;
                  esac
                }
                complete -o filenames -F _dil_ort dil-ort ./dil-ort
                """.formatted(
                        firstWords(),
                        String.join(" ", ConfigSchema.keys()),
                        heads(),
                        cases(commands.stream().filter(CompletionScript::isForm), "    "),
                        cases(commands.stream().filter(command -> !isForm(command)), "      "));
    }

    String zsh() {
        return "# dil-ort for zsh: source this.\nautoload -U +X bashcompinit && bashcompinit\n" + bash();
    }

    String fish() {
        StringBuilder script = new StringBuilder("# dil-ort for fish: put this into ~/.config/fish/completions.\n");
        script.append("complete -c dil-ort -f -n __fish_use_subcommand\n");
        for (Command command : commands) {
            String first = first(command);
            if (!isForm(command)) {
                line(script, "__fish_use_subcommand", "-a " + first + " -d '" + fishText(command.summary()) + "'");
            } else {
                String form = command.name().substring(first.length() + 1);
                line(script, seen(first), "-a " + form + " -d '" + fishText(command.summary()) + "'");
            }
            String condition = isForm(command)
                    ? "__fish_seen_subcommand_from " + command.name().substring(first.length() + 1)
                    : seen(first);
            for (CommandOption option : ArgumentParser.allOptions(command)) {
                String value = option.isFlag() ? "" : option.name().equals("set") ? " -x -a '" + keys() + "'" : " -r";
                line(script, condition, "-l " + option.name() + value + " -d '" + fishText(option.description()) + "'");
            }
        }
        return script.toString();
    }

    private static void line(StringBuilder script, String condition, String rest) {
        script.append("complete -c ")
                .append(PROGRAM)
                .append(" -n '")
                .append(condition)
                .append("' ");
        script.append(rest).append('\n');
    }

    private static String seen(String command) {
        return "__fish_seen_subcommand_from " + command;
    }

    private static String fishText(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }

    private static String keys() {
        return ConfigSchema.keys().stream().map(key -> key + "=").collect(Collectors.joining(" "));
    }

    private String firstWords() {
        return commands.stream().map(CompletionScript::first).distinct().collect(Collectors.joining(" "));
    }

    private static String heads() {
        return Heads.all().stream().map(Head::name).collect(Collectors.joining(" "));
    }

    private String cases(Stream<Command> some, String indent) {
        return some.map(command -> indent + "\"" + command.name() + "\") options=\"" + options(command) + "\" words=\""
                        + words(command) + "\" ;;\n")
                .collect(Collectors.joining());
    }

    private static String options(Command command) {
        return ArgumentParser.allOptions(command).stream()
                .map(option -> "--" + option.name())
                .collect(Collectors.joining(" "));
    }

    /** What may follow the command's name: its forms, and the plain words of its operand. */
    private String words(Command command) {
        Stream<String> forms = commands.stream()
                .map(Command::name)
                .filter(name -> name.startsWith(command.name() + " "))
                .map(name -> name.substring(command.name().length() + 1));
        Stream<String> operands = Stream.of(command.operand().split("[^a-z]+")).filter(word -> word.length() > 2);
        return Stream.concat(forms, command.operand().matches(".*[a-z].*") ? operands : Stream.empty())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static boolean isForm(Command command) {
        return command.name().contains(" ");
    }

    private static String first(Command command) {
        return command.name().split(" ")[0];
    }
}

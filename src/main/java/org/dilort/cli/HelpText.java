package org.dilort.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Help as text of at most 100 columns, the same at every terminal. */
final class HelpText {
    private static final int COLUMNS = 100;
    private static final int MAX_INDENT = 32;

    private HelpText() {}

    static String overview(List<Command> commands) {
        Map<String, String> names = new LinkedHashMap<>();
        commands.forEach(command -> names.put(command.name(), command.summary()));
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--help", "show this text; dil-ort help COMMAND or dil-ort COMMAND --help shows a command's");
        options.put("--version", "show the version");
        options.put(ArgumentParser.DEBUG.synopsis(), ArgumentParser.DEBUG.description());
        return "usage: dil-ort COMMAND [OPTION]...\n\n"
                + "Aligns causal language models with preference data.\n\n"
                + "commands:\n" + table(names)
                + "\noptions:\n" + table(options)
                + "\nexit codes: 0 done, 1 the run failed, 2 usage, configuration or data was wrong\n";
    }

    static String command(Command command) {
        Map<String, String> options = new LinkedHashMap<>();
        for (CommandOption option : ArgumentParser.allOptions(command)) {
            options.put(option.synopsis(), description(option));
        }
        return usage(command) + "\n" + wrapped(sentence(command.summary()), 0) + "\noptions:\n" + table(options);
    }

    private static String usage(Command command) {
        String start = "usage: dil-ort " + command.name() + " ";
        String parts = command.options().stream().map(CommandOption::usage).collect(Collectors.joining(" "));
        String all = (parts + " " + command.operand()).strip();
        return all.isEmpty()
                ? start.strip() + "\n"
                : start + wrapped(all, start.length()).substring(start.length());
    }

    private static String description(CommandOption option) {
        return switch (option.count()) {
            case ONCE -> option.description() + " (required)";
            case ANY -> option.description() + " (may be repeated)";
            case AT_MOST_ONCE ->
                option.description()
                        + (option.defaultValue().isEmpty() ? "" : " (default: " + option.defaultValue() + ")");
        };
    }

    private static String sentence(String summary) {
        return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
    }

    private static String table(Map<String, String> rows) {
        int widest = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        int indent = Math.min(MAX_INDENT, 2 + widest + 2);
        StringBuilder text = new StringBuilder();
        rows.forEach((left, right) -> {
            String start = "  " + left;
            String lines = wrapped(right, indent);
            if (start.length() + 2 > indent) {
                text.append(start).append('\n').append(lines);
            } else {
                text.append(start).append(lines.substring(start.length()));
            }
        });
        return text.toString();
    }

    /** Lines that begin at column {@code indent}, each with its line break. */
    private static String wrapped(String text, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && indent + line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines.stream().map(each -> " ".repeat(indent) + each + "\n").collect(Collectors.joining());
    }
}

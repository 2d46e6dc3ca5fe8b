package org.dilort.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.dilort.check.CheckReport;
import org.dilort.check.FileCheck;
import org.dilort.check.HeadChart;
import org.dilort.check.HeadList;
import org.dilort.check.OwnHeadsCheck;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;

/** Lists the loss heads, draws one, or proves them equal to their formulas. */
record HeadsCommand() implements Command {
    private static final Path FILES = Path.of("onnx-graphs", "heads");
    private static final String STANDARD_OUTPUT = "-";

    private static final CommandOption OUT = CommandOption.optional(
            "out", "FILE", "", "show: the SVG file to write, - for standard output (default: NAME.svg here)");
    private static final CommandOption SET = CommandOption.repeated(
            "set", "KEY=VALUE", "show: a coefficient, variant or reduction of the head, such as beta=0.5");

    @Override
    public String name() {
        return "heads";
    }

    @Override
    public String summary() {
        return "list the loss heads, check them or your own ONNX file, or draw one's loss and gradient";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(OUT, SET);
    }

    @Override
    public String operand() {
        return "[list | check [NAME | FILE.onnx] | show NAME]";
    }

    @Override
    public int run(Arguments arguments, Console console) {
        List<String> operands = arguments.operands();
        String action = operands.isEmpty() ? "list" : operands.get(0);
        List<String> names = operands.subList(Math.min(1, operands.size()), operands.size());
        if (!action.equals("show")) {
            refuseOptionsOfShow(action, arguments);
        }
        return switch (action) {
            case "list" -> list(names, console);
            case "check" -> check(names, console);
            case "show" -> show(names, arguments, console);
            default -> throw new UsageException("heads: got \"" + action + "\", expected list, check or show");
        };
    }

    private static void refuseOptionsOfShow(String action, Arguments arguments) {
        for (CommandOption option : List.of(OUT, SET)) {
            if (arguments.has(option.name())) {
                throw new UsageException("heads " + action + ": --" + option.name() + " is for heads show");
            }
        }
    }

    private static int list(List<String> names, Console console) {
        if (!names.isEmpty()) {
            throw new UsageException("heads list: got \"" + names.get(0) + "\", expected no name");
        }
        HeadList.lines(Heads.all()).forEach(console.out()::println);
        return ExitCode.DONE;
    }

    private static int check(List<String> names, Console console) {
        if (names.size() > 1) {
            throw new UsageException("heads check: got " + names.size() + " names, expected one name or file, or none");
        }
        CheckReport report = report(names);
        report.lines().forEach(console.out()::println);
        return switch (report.verdict()) {
            case PASSED -> ExitCode.DONE;
            case FAILED -> ExitCode.FAILED;
            case NOT_A_HEAD -> ExitCode.WRONG_INPUT;
        };
    }

    private static CheckReport report(List<String> names) {
        if (names.isEmpty()) {
            return OwnHeadsCheck.run(Heads.all(), FILES);
        }
        String name = names.get(0);
        return isFile(name) ? FileCheck.run(path(name)) : OwnHeadsCheck.run(List.of(Heads.named(name)), FILES);
    }

    /** No head has a name like that. */
    private static boolean isFile(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".onnx") || name.contains("/") || name.contains("\\");
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new UsageException("heads check: got \"" + name + "\", expected a path");
        }
    }

    private static int show(List<String> names, Arguments arguments, Console console) {
        if (names.size() != 1) {
            throw new UsageException("heads show: got " + names.size() + " names, expected one");
        }
        HeadSpec spec = HeadSettings.spec(names.get(0), arguments.all(SET.name()));
        if (arguments.text(OUT.name()).equals(STANDARD_OUTPUT)) {
            console.out().print(HeadChart.of(spec).toSvg());
            return ExitCode.DONE;
        }
        Path file = arguments.has(OUT.name())
                ? arguments.path(OUT.name())
                : Path.of(spec.head().name() + ".svg");
        HeadChart.of(spec).write(file);
        console.out().println("wrote " + file);
        return ExitCode.DONE;
    }
}

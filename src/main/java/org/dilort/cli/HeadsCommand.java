package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import org.dilort.check.CheckReport;
import org.dilort.check.HeadList;
import org.dilort.check.OwnHeadsCheck;
import org.dilort.heads.Head;
import org.dilort.heads.Heads;

/** Lists the loss heads, or proves them equal to their formulas. */
record HeadsCommand() implements Command {
    private static final Path FILES = Path.of("onnx-graphs", "heads");

    @Override
    public String name() {
        return "heads";
    }

    @Override
    public String summary() {
        return "list the loss heads, or check them against their formulas in float64";
    }

    @Override
    public List<CommandOption> options() {
        return List.of();
    }

    @Override
    public String operand() {
        return "[list | check [NAME]]";
    }

    @Override
    public int run(Arguments arguments, Console console) {
        List<String> operands = arguments.operands();
        String action = operands.isEmpty() ? "list" : operands.get(0);
        return switch (action) {
            case "list" -> list(operands, console);
            case "check" -> check(operands, console);
            default -> throw new UsageException("heads: got \"" + action + "\", expected list or check");
        };
    }

    private static int list(List<String> operands, Console console) {
        if (operands.size() > 1) {
            throw new UsageException("heads list: got \"" + operands.get(1) + "\", expected no name");
        }
        HeadList.lines(Heads.all()).forEach(console.out()::println);
        return ExitCode.DONE;
    }

    private static int check(List<String> operands, Console console) {
        if (operands.size() > 2) {
            throw new UsageException("heads check: got " + (operands.size() - 1) + " names, expected one or none");
        }
        List<Head> heads = operands.size() == 1 ? Heads.all() : List.of(Heads.named(operands.get(1)));
        CheckReport report = OwnHeadsCheck.run(heads, FILES);
        report.lines().forEach(console.out()::println);
        return report.passed() ? ExitCode.DONE : ExitCode.FAILED;
    }
}

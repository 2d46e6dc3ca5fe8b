package org.dilort.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.dilort.report.Report;
import org.dilort.report.RunGroup;

/** {@code dil-ort report}: the page of a run, or one page that lays several runs over each other. */
record ReportCommand() implements Command {
    private static final CommandOption OUT = CommandOption.optional(
            "out",
            "FILE",
            "",
            "the page to write (default: report.html in the folder of the run, or here for several)");

    @Override
    public String name() {
        return "report";
    }

    @Override
    public String summary() {
        return "write the page of a run, or of several laid over each other";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(OUT);
    }

    @Override
    public String operand() {
        return "DIR...";
    }

    @Override
    public int run(Arguments arguments, Console console) {
        List<Path> folders =
                arguments.operands().stream().map(ReportCommand::folder).toList();
        if (folders.isEmpty()) {
            throw new UsageException("report: no folder, expected the output folder of a run, or of several");
        }
        Path file = file(arguments, folders);
        if (folders.size() == 1) {
            Report.ofRun(folders.get(0), file);
        } else {
            Report.ofRuns(
                    folders.size() + " runs",
                    folders.stream().map(ReportCommand::alone).toList(),
                    file);
        }
        console.out().println("report: " + file);
        return ExitCode.DONE;
    }

    private static RunGroup alone(Path folder) {
        return new RunGroup(folder.toString(), List.of(folder));
    }

    private static Path file(Arguments arguments, List<Path> folders) {
        if (arguments.has(OUT.name())) {
            return arguments.path(OUT.name());
        }
        return folders.size() == 1 ? folders.get(0).resolve(Report.FILE) : Path.of(Report.FILE);
    }

    static Path folder(String operand) {
        try {
            return Path.of(operand);
        } catch (InvalidPathException e) {
            throw new UsageException("got \"" + operand + "\", expected the output folder of a run");
        }
    }
}

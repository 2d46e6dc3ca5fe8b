package org.dilort.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dilort.chart.TextTable;
import org.dilort.heads.Head;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;

/** The equivalence test of this project's heads, each in every reduction and variant. */
public final class OwnHeadsCheck {
    private OwnHeadsCheck() {}

    /** One head in one reduction and variant. */
    private record Job(Head head, Variant variant, Reduction reduction) {}

    private record Row(Job job, HeadCheck.Outcome outcome, HeadFiles.State file) {
        boolean passed() {
            return outcome.passed() && file != HeadFiles.State.DIFFERS && file != HeadFiles.State.MISSING;
        }
    }

    /**
     * @param headFiles where the committed files lie, if anywhere
     * @return a table, and whether all of it is well
     */
    public static CheckReport run(List<Head> heads, Path headFiles) {
        HeadFiles files = new HeadFiles(headFiles);
        List<Row> rows = jobs(heads).parallelStream()
                .map(job -> new Row(
                        job,
                        HeadCheck.run(job.head(), job.variant(), job.reduction()),
                        files.of(job.head(), job.variant(), job.reduction())))
                .toList();
        TextTable table =
                new TextTable("head", "reduction", "variant", "cases", "loss error", "gradient error", "file", "");
        rows.forEach(row -> add(table, row));
        List<String> lines = new ArrayList<>(table.lines());
        long failed = rows.stream().filter(row -> !row.passed()).count();
        lines.add(rows.size() + " checked, " + failed + " failed; worst errors relative to the formula in float64,"
                + " at most " + WorstErrors.LOSS_TOLERANCE + " for losses and " + WorstErrors.GRADIENT_TOLERANCE
                + " for gradients");
        return new CheckReport(lines, failed == 0 ? CheckReport.Verdict.PASSED : CheckReport.Verdict.FAILED);
    }

    private static List<Job> jobs(List<Head> heads) {
        List<Job> jobs = new ArrayList<>();
        for (Head head : heads) {
            for (Reduction reduction : head.reductions()) {
                head.variants().forEach(variant -> jobs.add(new Job(head, variant, reduction)));
            }
        }
        return jobs;
    }

    private static void add(TextTable table, Row row) {
        HeadCheck.Outcome outcome = row.outcome();
        String file = switch (row.file()) {
            case SAME -> "same";
            case DIFFERS -> "differs";
            case MISSING -> "missing";
            case NOT_KEPT -> "-";
        };
        table.add(
                row.job().head().name(),
                row.job().reduction().name().toLowerCase(Locale.ROOT),
                row.job().variant().name().toLowerCase(Locale.ROOT),
                String.valueOf(outcome.cases()),
                number(outcome.errors().loss()),
                number(outcome.errors().gradient()),
                file,
                row.passed() ? "ok" : outcome.formula() ? "FAILED" : "FAILED: no formula");
    }

    static String number(double error) {
        return String.format(Locale.ROOT, "%.1e", error);
    }
}

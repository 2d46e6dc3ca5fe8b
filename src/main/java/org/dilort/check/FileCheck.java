package org.dilort.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.dilort.chart.TextTable;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.heads.FileHead;
import org.dilort.heads.HeadFile;
import org.dilort.heads.HeadFileContract;
import org.dilort.runtime.RuntimeFailure;

/** What can be proven of a user's own head, whose formula nobody here knows. */
public final class FileCheck {
    private static final int LONGEST = 400;

    private final HeadFile file;
    private final List<Finding> findings = new ArrayList<>();

    private FileCheck(HeadFile file) {
        this.file = file;
    }

    /**
     * @throws FormatException if the file cannot be read as an ONNX graph at all
     * @throws UnsupportedOperatorException if it has operators that no graph here may have
     */
    public static CheckReport run(Path path) {
        FileCheck check = new FileCheck(HeadFile.read(path));
        boolean head = check.contract();
        if (head) {
            check.behaviour();
        }
        return check.report(head);
    }

    /** Whether it is a head at all. */
    private boolean contract() {
        HeadFileContract contract = HeadFileContract.of(file);
        add("inputs", contract.inputs(), String.join(", ", file.inputs()));
        add("outputs", contract.outputs(), String.join(", ", file.outputs()));
        contract.unread().forEach(unread -> findings.add(Finding.warning("outputs", unread)));
        add("operators", contract.operators(), file.places().size() + " nodes");
        add("metadata", contract.metadata(), metadata());
        return contract.problems().isEmpty();
    }

    private void add(String check, List<String> problems, String otherwise) {
        problems.forEach(problem -> findings.add(Finding.failed(check, problem)));
        if (problems.isEmpty()) {
            findings.add(Finding.ok(check, otherwise));
        }
    }

    private String metadata() {
        Map<String, Double> coefficients = file.coefficients();
        String settings = coefficients.entrySet().stream()
                .map(coefficient -> coefficient.getKey() + " = " + coefficient.getValue())
                .collect(Collectors.joining(", "));
        return "head " + file.name() + ", scope " + file.scope().name().toLowerCase(Locale.ROOT) + ", "
                + (coefficients.isEmpty() ? "no coefficients" : "coefficients " + settings);
    }

    private void behaviour() {
        try (HeadProbe probe = HeadProbe.of(file);
                FineProbe exact = FineProbe.of(file)) {
            findings.addAll(FinitenessCheck.run(probe));
            findings.add(DifferenceCheck.run(exact, file.scope()));
            findings.add(PrecisionCheck.run(probe, exact));
            findings.add(PullCheck.run(probe));
            findings.add(ScopeCheck.run(exact, file.scope()));
            findings.add(ReferenceCheck.run(exact, FileHead.of(file)));
            findings.add(SwapCheck.run(exact));
            findings.add(FormulaCheck.run(probe, file));
        } catch (UnsupportedOperatorException e) {
            findings.add(Finding.failed("gradient", withoutSource(e.getMessage())));
        } catch (RuntimeFailure e) {
            findings.add(Finding.failed("runs", e.getMessage()));
        }
    }

    private String withoutSource(String message) {
        String source = file.source() + ": ";
        return message.startsWith(source) ? message.substring(source.length()) : message;
    }

    private CheckReport report(boolean head) {
        TextTable table = new TextTable("check", "", "what");
        findings.forEach(finding -> table.add(finding.check(), lower(finding.verdict()), oneLine(finding.text())));
        List<String> lines = new ArrayList<>(table.lines());
        long failed = count(Finding.Verdict.FAILED);
        long warnings = count(Finding.Verdict.WARNING);
        lines.add(file.source() + ": " + failed + " failed, " + warnings + (warnings == 1 ? " warning" : " warnings")
                + (head ? "" : "; this is no head"));
        CheckReport.Verdict ofHead = failed == 0 ? CheckReport.Verdict.PASSED : CheckReport.Verdict.FAILED;
        return new CheckReport(lines, head ? ofHead : CheckReport.Verdict.NOT_A_HEAD);
    }

    private long count(Finding.Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    private static String lower(Finding.Verdict verdict) {
        return verdict == Finding.Verdict.FAILED ? "FAILED" : verdict.name().toLowerCase(Locale.ROOT);
    }

    /** Names in a file may hold anything. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " ...";
    }
}

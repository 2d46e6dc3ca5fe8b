package org.dilort.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.files.DurableFiles;

/** {@code report.html}: one self-contained page about a run, or about several laid over each other. */
public final class Report {
    /** Its name in the folder of a run. */
    public static final String FILE = "report.html";

    private Report() {}

    /**
     * Writes the page of one run.
     *
     * @throws DataException for a folder that no run has written, and a file that cannot be written
     */
    public static void ofRun(Path folder, Path file) {
        RunRecord run = RunRecord.read(folder);
        write(file, Page.of(run.name() + " – dil-ort", RunPage.of(run), Page.Life.STILL));
    }

    /**
     * Writes a page that compares groups of runs.
     *
     * @throws DataException for a folder that no run has written, and a file that cannot be written
     */
    public static void ofRuns(String title, List<RunGroup> groups, Path file) {
        write(file, Page.of(title + " – dil-ort", ComparisonPage.of(title, Comparison.read(groups)), Page.Life.STILL));
    }

    /** What came of groups of runs on their held-out pairs, as lines of text. */
    public static List<String> table(List<RunGroup> groups) {
        return ComparisonTable.of(Comparison.read(groups)).lines();
    }

    /** Writes the curves of groups of runs as a picture. */
    public static void chart(String title, List<RunGroup> groups, Path file) {
        ComparisonChart.of(title, Comparison.read(groups)).write(file);
    }

    private static void write(Path file, String page) {
        try {
            DurableFiles.replace(file, page.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException(file + ": not written: " + DurableFiles.reason(e), e);
        }
    }
}

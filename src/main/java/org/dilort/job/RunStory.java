package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.error.UserException;
import org.dilort.export.ModelCard;
import org.dilort.files.DurableFiles;
import org.dilort.report.Report;
import org.dilort.report.RunSummary;
import org.dilort.train.RunFailedException;

/** What a run tells of itself beside its metrics: {@code summary.json}, and {@code report.html} once it ends. */
final class RunStory {
    private final RunContext run;
    private final RunSummary summary;

    private RunStory(RunContext run, RunSummary summary) {
        this.run = run;
        this.summary = summary;
    }

    /**
     * @param notes about the data
     * @param before metrics of the held-out pairs, empty without any
     */
    static RunStory begin(RunContext run, long steps, List<String> notes, SortedMap<String, Double> before) {
        RunSummary summary = new RunSummary(
                RunSummary.State.BEGUN,
                run.start().folder().toString(),
                Objectives.words(run.settings().objective()),
                steps,
                notes,
                before,
                new TreeMap<>());
        RunStory story = new RunStory(run, summary);
        story.write(summary);
        return story;
    }

    void interrupted(SortedMap<String, Double> heldOut) {
        end(RunSummary.State.INTERRUPTED, heldOut);
    }

    void completed(SortedMap<String, Double> after) {
        end(RunSummary.State.COMPLETED, after);
        Path export = run.folder().export();
        if (!ModelCard.isIn(export)) {
            return;
        }
        try {
            new TrainingCard(run, summary.ended(RunSummary.State.COMPLETED, after)).writeInto(export);
        } catch (UserException | UncheckedIOException e) {
            run.output().warn(export + ": the model card does not tell of the training: " + e.getMessage());
        }
    }

    /** A run whose model is delivered has not failed because nobody can draw its curves. */
    private void end(RunSummary.State state, SortedMap<String, Double> after) {
        write(summary.ended(state, after));
        try {
            Report.ofRun(run.folder().folder(), run.folder().report());
            run.output().line("report: " + run.folder().report());
        } catch (UserException e) {
            run.output().warn(e.getMessage());
        }
    }

    private void write(RunSummary written) {
        try {
            written.write(run.folder().summary());
        } catch (IOException e) {
            throw new RunFailedException(run.folder().summary() + ": not written: " + DurableFiles.reason(e), e);
        }
    }
}

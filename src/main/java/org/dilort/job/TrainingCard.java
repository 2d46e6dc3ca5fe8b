package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.dilort.config.ConfigWriter;
import org.dilort.export.ModelCard;
import org.dilort.report.Headline;
import org.dilort.report.Report;
import org.dilort.report.RunGroup;
import org.dilort.report.RunSummary;

/** What a run adds to the model card of its export: data, held-out metrics, curves and settings. */
final class TrainingCard {
    private static final String CURVES = "training.svg";

    private static final Set<String> SETTINGS = Set.of("head", "train", "data", "reference");

    /** Keys of these sections that do not change the numbers: a run that was resumed with others has the same card. */
    private static final Set<String> LEFT_OUT = Set.of(
            "train.resume",
            "train.threads",
            "train.save_every",
            "train.log_every",
            "train.keep_checkpoints",
            "data.cache",
            "reference.cache",
            "reference.micro_batch_tokens");

    private final RunContext run;
    private final RunSummary summary;

    TrainingCard(RunContext run, RunSummary summary) {
        this.run = run;
        this.summary = summary;
    }

    void writeInto(Path export) {
        Path folder = run.folder().folder();
        Report.chart("Training", List.of(new RunGroup("this model", List.of(folder))), export.resolve(CURVES));
        ModelCard.putSection(export, "Training", lines());
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        summary.data().forEach(line -> lines.add("- " + line));
        lines.add("- " + summary.steps() + " steps");
        lines.addAll(heldOut());
        lines.addAll(List.of("", "![Curves of training](" + CURVES + ")", "", "```"));
        ConfigWriter.flat(run.config()).forEach((key, value) -> {
            if (SETTINGS.contains(key.replaceFirst("\\..*", "")) && !LEFT_OUT.contains(key)) {
                lines.add(key + ": " + value);
            }
        });
        lines.add("```");
        return lines;
    }

    private List<String> heldOut() {
        List<String> table = new ArrayList<>();
        for (Headline headline : Headline.values()) {
            String metric = headline.metric();
            if (summary.before().containsKey(metric) && summary.after().containsKey(metric)) {
                table.add(String.format(
                        Locale.ROOT,
                        "| %s | %.4f | %.4f |",
                        headline.label(),
                        summary.before().get(metric),
                        summary.after().get(metric)));
            }
        }
        if (!table.isEmpty()) {
            table.addAll(0, List.of("", "| held-out pairs | before | after |", "| --- | ---: | ---: |"));
        }
        return table;
    }
}

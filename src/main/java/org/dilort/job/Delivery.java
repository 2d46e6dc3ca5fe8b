package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.InitialWeights;
import org.dilort.data.TokenizedPair;
import org.dilort.export.ExportCheck;
import org.dilort.export.ExportFolder;
import org.dilort.export.HuggingFaceFolder;
import org.dilort.export.ModelCard;

/** What a finished run hands over: {@code hf/} and {@code export/}, the latter held against the training graph. */
final class Delivery {
    private final RunContext run;

    Delivery(RunContext run) {
        this.run = run;
    }

    /**
     * What the training graph says of some pairs at the end of training.
     *
     * @param logps {@code [pairs * 2]}
     */
    record Proof(List<TokenizedPair> pairs, float[] logps) {}

    /**
     * @param state the last checkpoint
     * @param template the chat template of the data; empty = the model's own
     */
    void write(Path state, String template, Proof proof) {
        Path model = run.start().folder();
        try (CheckpointReader trained = CheckpointReader.open(state)) {
            if (run.start().weights() instanceof InitialWeights.Pretrained) {
                HuggingFaceFolder.writeLike(model, trained, template, run.folder().hf());
            } else {
                HuggingFaceFolder.writeNew(model, trained, template, run.folder().hf());
            }
            ExportFolder.write(run.folder().hf(), trained, card(), run.folder().export());
        }
        ExportCheck.Report report = ExportCheck.run(
                run.folder().export(),
                proof.pairs(),
                proof.logps(),
                run.settings().session());
        run.output()
                .line(String.format(
                        Locale.ROOT,
                        "export checked: %d sequences within %.1e nats per token of the training graph",
                        report.sequences(),
                        report.greatestDifference()));
        run.output()
                .line("aligned model: " + run.folder().hf() + ", to serve: "
                        + run.folder().export());
    }

    private ModelCard card() {
        List<String> details = new ArrayList<>();
        RunSettings settings = run.settings();
        details.add("Aligned with head " + settings.head().head().name() + " ("
                + settings.head().reduction().name().toLowerCase(Locale.ROOT) + "), "
                + settings.head().coefficients());
        details.add("Learning rate " + run.config().train().learningRate() + ", "
                + run.config().train().batchPairs() + " pairs per step");
        String name =
                run.start().folder().toAbsolutePath().normalize().getFileName().toString();
        return new ModelCard(name + ", aligned", details);
    }
}

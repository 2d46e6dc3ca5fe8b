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
import org.dilort.export.Licence;
import org.dilort.export.ModelCard;
import org.dilort.export.OnnxExport;
import org.dilort.importer.ImportedModel;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.NamedTensors;

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
        try (CheckpointReader trained = CheckpointReader.open(state)) {
            run.tuning()
                    .deliverAdapter(trained, run.folder().adapter())
                    .ifPresent(folder -> run.output().line("adapter: " + folder));
            if (!run.tuning().deliversWhole()) {
                return;
            }
            NamedTensors weights = run.tuning().whole(trained);
            if (run.start().model() instanceof ImportedModel imported) {
                deliverOnnx(imported, weights, proof);
                return;
            }
            writeModel(weights, template);
        }
        tell(ExportCheck.run(run.folder().export(), proof.pairs(), proof.logps(), session()));
        run.output()
                .line("aligned model: " + run.folder().hf() + ", to serve: "
                        + run.folder().export());
    }

    /** The file that training began from, with other weights. */
    private void deliverOnnx(ImportedModel model, NamedTensors weights, Proof proof) {
        Path file = OnnxExport.write(
                model, run.start().folder(), weights, run.folder().export());
        tell(ExportCheck.ofModel(file, proof.pairs(), proof.logps(), session()));
        run.output().line("aligned model: " + file);
    }

    private SessionSettings session() {
        return new SessionSettings(run.settings().session().threads());
    }

    private void writeModel(NamedTensors weights, String template) {
        Path model = run.start().folder();
        HuggingFaceFolder.Tuned tuned =
                new HuggingFaceFolder.Tuned(template, run.start().length());
        if (run.start().weights() instanceof InitialWeights.Pretrained) {
            HuggingFaceFolder.writeLike(model, weights, tuned, run.folder().hf());
        } else {
            HuggingFaceFolder.writeNew(model, weights, tuned, run.folder().hf());
        }
        ExportFolder.write(run.folder().hf(), weights, card(), run.folder().export());
    }

    private void tell(ExportCheck.Report report) {
        run.output()
                .line(String.format(
                        Locale.ROOT,
                        "export checked: %d sequences within %.1e nats per token of the training graph",
                        report.sequences(),
                        report.greatestDifference()));
    }

    private ModelCard card() {
        List<String> details = new ArrayList<>();
        RunSettings settings = run.settings();
        Objectives.words(settings.objective()).forEach(head -> details.add("Aligned with head " + head));
        details.add("Learning rate " + run.config().train().learningRate() + ", "
                + run.config().train().batchPairs() + " pairs per step");
        String name =
                run.start().folder().toAbsolutePath().normalize().getFileName().toString();
        return new ModelCard(name + ", aligned", Licence.of(run.start().folder()), details);
    }
}

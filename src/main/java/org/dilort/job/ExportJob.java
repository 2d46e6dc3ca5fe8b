package org.dilort.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dilort.data.RejectedUse;
import org.dilort.data.TokenizedPair;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.SequenceScorer;
import org.dilort.export.Checklist;
import org.dilort.export.ExportCheck;
import org.dilort.export.FolderCheck;
import org.dilort.export.ModelCard;
import org.dilort.export.Variant;
import org.dilort.export.VariantEffect;
import org.dilort.export.VariantExport;
import org.dilort.runtime.SessionSettings;

/** {@code dil-ort export}: whether an export is what its consumers read, and smaller forms of its model. */
public final class ExportJob {
    private static final String WEIGHTS = "weights in hf/";
    private static final String VARIANTS = "variants.json";

    private ExportJob() {}

    /** Whether every check passed. */
    public enum Verdict {
        SOUND,
        UNSOUND
    }

    /**
     * A line per check, and one with the count.
     *
     * @throws org.dilort.error.FormatException for a folder that is no export
     */
    public static Verdict check(Path folder, SessionSettings settings, JobOutput output) {
        Checklist list = new Checklist(line -> output.line(line.toString()));
        FolderCheck.run(folder, settings, list);
        checkWeights(folder, settings, list);
        output.line(list.summary());
        return list.hasFailures() ? Verdict.UNSOUND : Verdict.SOUND;
    }

    /**
     * Adds variants to an export, and measures what all of its variants do to pairs where there are any.
     *
     * @param variants may be empty
     * @param measured files of pairs, read before anything is written; empty = nothing is measured
     * @throws org.dilort.error.FormatException for a folder that is no export
     */
    public static void add(
            Path folder, List<Variant> variants, List<Path> measured, SessionSettings settings, JobOutput output) {
        VariantExport.requireExport(folder);
        List<TokenizedPair> pairs = measured.isEmpty() ? List.of() : pairs(folder, measured);
        for (Variant variant : variants) {
            VariantExport.add(folder, variant);
            output.line("wrote " + folder.resolve(variant.file()));
        }
        if (!pairs.isEmpty()) {
            measure(folder, pairs, settings, output);
        }
    }

    private static List<TokenizedPair> pairs(Path folder, List<Path> files) {
        return ModelFolder.open(folder).readPairs(files, RejectedUse.OPTIONAL).pairs();
    }

    private static void measure(Path folder, List<TokenizedPair> pairs, SessionSettings settings, JobOutput output) {
        VariantTable table =
                new VariantTable(VariantEffect.measure(folder, pairs, settings, System::nanoTime), pairs.size());
        table.lines().forEach(output::line);
        ModelCard.putSection(folder, "Variants", table.lines());
        table.write(folder.resolve(VARIANTS));
    }

    /** Against the forward pass of training, where a run has left the weights in {@code hf/} beside. */
    private static void checkWeights(Path folder, SessionSettings settings, Checklist list) {
        Path weights = folder.toAbsolutePath().normalize().resolveSibling("hf");
        if (!Files.isRegularFile(weights.resolve("config.json"))) {
            return;
        }
        if (list.hasFailures()) {
            list.skip(WEIGHTS, "an earlier check failed");
            return;
        }
        list.check(WEIGHTS, problems -> compare(folder, weights, settings));
    }

    /** @throws org.dilort.error.RunFailure where they differ */
    private static String compare(Path folder, Path weights, SessionSettings settings) {
        ModelFolder model = ModelFolder.open(weights);
        int[] ids = FolderCheck.fixedIds(model.size());
        int prompt = ids.length / 2;
        TokenizedPair pair = new TokenizedPair(
                0, Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, ids.length), new int[0]);
        try (SequenceScorer scorer = model.scorer(settings)) {
            double expected = scorer.score(List.of(pair)).get(0).chosenLogp();
            ExportCheck.Report report =
                    ExportCheck.run(folder, List.of(pair), new float[] {(float) expected, 0}, settings);
            return String.format(
                    Locale.ROOT,
                    "%d tokens within %.1e nats per token of the training graph",
                    ids.length - prompt,
                    report.greatestDifference());
        }
    }
}

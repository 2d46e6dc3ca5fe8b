package org.dilort.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.data.PairDataset;
import org.dilort.data.RejectedUse;
import org.dilort.error.ConfigException;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.PairScore;
import org.dilort.eval.ScoreFile;
import org.dilort.eval.SequenceScorer;
import org.dilort.runtime.SessionSettings;

/** {@code dil-ort score}: log-probabilities of every pair under a model. */
public final class ScoreJob {
    private ScoreJob() {}

    /**
     * @param model a Hugging Face folder or an export folder
     * @param data a file of preference pairs, or a folder of them
     * @param target a JSON line per pair, in the order of the input
     */
    public static void run(Path model, Path data, Path target, SessionSettings session, JobOutput output) {
        requireWritable("--out", target);
        ModelFolder folder = ModelFolder.open(model);
        PairDataset pairs = folder.readPairs(List.of(data), RejectedUse.OPTIONAL);
        output.line(data + ": " + pairs.report().summary());
        try (SequenceScorer scorer = folder.scorer(session)) {
            List<PairScore> scores = scorer.score(pairs.pairs());
            ScoreFile.write(target, scores);
        }
        output.line("scores in " + target);
    }

    /** A long pass must not end at a path that could never be written. */
    static void requireWritable(String option, Path target) {
        Path parent = target.toAbsolutePath().getParent();
        if (parent == null || Files.isDirectory(target)) {
            throw new ConfigException(option + ": " + target + " is a folder, expected a file");
        }
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new ConfigException(option + ": " + target + ": expected a file in a folder that can be written");
        }
    }
}

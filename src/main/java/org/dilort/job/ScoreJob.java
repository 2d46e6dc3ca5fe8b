package org.dilort.job;

import java.nio.file.Path;
import java.util.List;
import org.dilort.data.PairDataset;
import org.dilort.data.RejectedUse;
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
        ModelFolder folder = ModelFolder.open(model);
        PairDataset pairs = folder.readPairs(List.of(data), RejectedUse.OPTIONAL);
        output.line(data + ": " + pairs.report().summary());
        try (SequenceScorer scorer = folder.scorer(session)) {
            List<PairScore> scores = scorer.score(pairs.pairs());
            ScoreFile.write(target, scores);
        }
        output.line("scores in " + target);
    }
}

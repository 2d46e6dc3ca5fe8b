package org.dilort.job;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.config.ReferenceModel;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.heads.Objective;
import org.dilort.heads.OptionalInput;
import org.dilort.job.ReferencePass.Detail;

/** The reference log-probabilities of a run's data sets. */
final class References {
    private final RunContext run;

    References(RunContext run) {
        this.run = run;
    }

    /** Zeros for heads that need no reference. */
    ReferenceScores of(String what, List<TokenizedPair> pairs) {
        Objective objective = run.settings().objective();
        if (!objective.needsReference()) {
            return ReferenceScores.zeros(pairs.size());
        }
        Detail detail = objective.asksFor(OptionalInput.TOKEN_LOGPS) ? Detail.TOKENS : Detail.SUMS;
        ReferencePass pass = new ReferencePass(run.config().reference().cache(), run.packer(), run.output());
        if (run.config().reference().path() instanceof ReferenceModel.Folder other) {
            try (StartingModel model = StartingModel.open(other.path())) {
                requireVocabulary(model, pairs);
                return pass.scores(what, pairs, model.hash(), detail, () -> run.scorer(model, detail.wanted()));
            }
        }
        StartingModel start = run.start();
        return pass.scores(what, pairs, start.hash(), detail, () -> run.scorer(start, detail.wanted()));
    }

    /** What tells this run's reference from any other. */
    String identity() {
        if (!run.settings().objective().needsReference()) {
            return "none";
        }
        if (run.config().reference().path() instanceof ReferenceModel.Folder other) {
            try (StartingModel model = StartingModel.open(other.path())) {
                return other.path() + " with SHA-256 " + model.hash();
            }
        }
        return "initial_policy";
    }

    private static void requireVocabulary(StartingModel reference, List<TokenizedPair> pairs) {
        int greatest = pairs.stream()
                .flatMap(pair -> Stream.of(pair.trunk(), pair.chosen(), pair.rejected()))
                .flatMapToInt(Arrays::stream)
                .max()
                .orElse(0);
        int vocabulary = reference.model().size().vocabulary();
        if (greatest >= vocabulary) {
            throw new ConfigException("reference.path: " + reference.folder() + " has a vocabulary of " + vocabulary
                    + " tokens, but the data has token id " + greatest + "; expected a model with the policy's tokens");
        }
    }
}

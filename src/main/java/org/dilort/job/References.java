package org.dilort.job;

import java.util.Arrays;
import java.util.List;
import org.dilort.config.ReferenceModel;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;

/** The reference log-probabilities of a run's data sets. */
final class References {
    private final RunContext run;

    References(RunContext run) {
        this.run = run;
    }

    /** {@code [pairs * 2]}; zeros for a head that needs no reference. */
    float[] of(String what, List<TokenizedPair> pairs) {
        if (!run.settings().head().head().needsReference()) {
            return new float[2 * pairs.size()];
        }
        ReferencePass pass = new ReferencePass(run.config().reference().cache(), run.packer(), run.output());
        if (run.config().reference().path() instanceof ReferenceModel.Folder other) {
            try (StartingModel model = StartingModel.open(other.path())) {
                requireVocabulary(model, pairs);
                return pass.logps(what, pairs, model.hash(), () -> run.scorer(model));
            }
        }
        return pass.logps(what, pairs, run.start().hash(), () -> run.scorer(run.start()));
    }

    /** What tells this run's reference from any other. */
    String identity() {
        if (!run.settings().head().head().needsReference()) {
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
                .flatMap(pair -> pair.parts().stream())
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

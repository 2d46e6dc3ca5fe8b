package org.dilort.job;

import java.util.List;
import org.dilort.config.ReferenceModel;
import org.dilort.data.TokenizedPair;

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
                return pass.logps(what, pairs, model.hash(), () -> run.scorer(model));
            }
        }
        return pass.logps(what, pairs, run.start().hash(), () -> run.scorer(run.start()));
    }
}

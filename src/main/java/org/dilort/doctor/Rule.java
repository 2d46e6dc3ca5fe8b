package org.dilort.doctor;

import java.nio.file.Path;
import java.util.Optional;
import org.dilort.train.EvaluationReport;
import org.dilort.train.StepReport;

/**
 * One thing that can be wrong with a run. A rule sees everything in the order in which it happens, and gives a remark
 * when its condition begins, not as long as it holds (see {@link Onset}). One rule is for one run.
 */
public interface Rule {

    /** Before the first step, also of a run that goes on. */
    default Optional<Remark> atStart() {
        return Optional.empty();
    }

    default Optional<Remark> afterStep(StepReport report) {
        return Optional.empty();
    }

    /** After an evaluation; that of step 0 is of the initial policy. */
    default Optional<Remark> afterEvaluation(EvaluationReport report) {
        return Optional.empty();
    }

    /** After a checkpoint is in its place. */
    default Optional<Remark> afterCheckpoint(long step, Path folder) {
        return Optional.empty();
    }
}

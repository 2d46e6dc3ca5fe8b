package org.dilort.train;

import java.nio.file.Path;

/**
 * Something that watches a run. The loop calls listeners one after the other, in the order in which they were given,
 * on its own thread; an exception out of a listener ends the run.
 *
 * <p>The order that holds a run together is: metrics log, progress line, evaluation, checkpoints. So a checkpoint of a
 * step comes after every line that belongs to the step, and knows the evaluation's result.
 */
public interface TrainingListener {

    /** Before the first step; {@code state} is where the run starts or goes on. */
    default void onStart(LoopState state) {}

    /** After every step. */
    default void onStep(StepReport report) {}

    /** After an evaluation, from the {@link Evaluation} that ran it. */
    default void onEvaluation(EvaluationReport report) {}

    /** After a checkpoint is in its place, from the {@link Checkpointing} that wrote it. */
    default void onCheckpoint(long step, Path folder) {}

    /** Whether the run has come as far as it should, looked at between steps; it ends as if this had been its last one. */
    default boolean hasEnough() {
        return false;
    }

    /** After the last step of a run that completed or was interrupted, not of one that failed. */
    default void onEnd(Outcome outcome) {}
}

package org.dilort.train;

/** How a run ended that did not fail. */
public sealed interface Outcome {

    LoopState state();

    /** Every step was done, or a listener had enough. */
    record Completed(LoopState state) implements Outcome {}

    /** The run was asked to end; also when that came during its last step. */
    record Interrupted(LoopState state, StopSignal.Cause cause) implements Outcome {}
}

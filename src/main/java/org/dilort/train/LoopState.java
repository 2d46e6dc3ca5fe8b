package org.dilort.train;

import org.dilort.runtime.UpdateResult;

/**
 * Where a run stands after a step: all that the loop needs, beside the policy's checkpoint, to go on.
 *
 * @param step steps done
 * @param appliedUpdates steps that changed the policy
 * @param skippedUpdates steps whose gradient was not finite
 * @param consecutiveSkips how many of the last steps were skipped
 * @param epoch epochs done, with fraction
 * @param numTokens every token of both sequences, summed over all steps
 */
public record LoopState(
        long step, long appliedUpdates, long skippedUpdates, int consecutiveSkips, double epoch, long numTokens) {

    public LoopState {
        if (step < 0 || appliedUpdates < 0 || skippedUpdates < 0 || appliedUpdates + skippedUpdates != step) {
            throw new IllegalArgumentException("applied updates " + appliedUpdates + " and skipped updates "
                    + skippedUpdates + ", expected their sum to be the step " + step);
        }
        if (consecutiveSkips < 0 || consecutiveSkips > skippedUpdates) {
            throw new IllegalArgumentException(
                    "consecutive skips = " + consecutiveSkips + ", expected 0 to " + skippedUpdates);
        }
        if (!(epoch >= 0) || Double.isInfinite(epoch) || numTokens < 0) {
            throw new IllegalArgumentException(
                    "epoch = " + epoch + ", tokens = " + numTokens + ", expected 0 or more, finite");
        }
    }

    public static LoopState start() {
        return new LoopState(0, 0, 0, 0, 0, 0);
    }

    LoopState after(Step done, UpdateResult update) {
        if (done.number() != step + 1) {
            throw new IllegalArgumentException("step " + done.number() + ", expected " + (step + 1));
        }
        int skipped = update.applied() ? 0 : 1;
        return new LoopState(
                done.number(),
                appliedUpdates + 1 - skipped,
                skippedUpdates + skipped,
                update.applied() ? 0 : consecutiveSkips + 1,
                done.epoch(),
                numTokens + done.numTokens());
    }
}

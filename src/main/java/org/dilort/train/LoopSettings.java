package org.dilort.train;

/**
 * What the loop itself can be told.
 *
 * @param maxConsecutiveSkips so many updates skipped one after the other end the run
 */
public record LoopSettings(int maxConsecutiveSkips, NonFinitePairs nonFinitePairs) {

    /** What to do about pairs whose loss or gradient is not finite. */
    public enum NonFinitePairs {
        /** Take them out of their step and go on. */
        SKIP,
        /** End the run before its parameters change. */
        STOP
    }

    public LoopSettings {
        if (maxConsecutiveSkips < 1) {
            throw new IllegalArgumentException(
                    "max consecutive skips = " + maxConsecutiveSkips + ", expected 1 or more");
        }
    }

    public static LoopSettings defaults() {
        return new LoopSettings(10, NonFinitePairs.SKIP);
    }

    public LoopSettings with(NonFinitePairs reaction) {
        return new LoopSettings(maxConsecutiveSkips, reaction);
    }
}

package org.dilort.train;

/**
 * What the loop itself can be told.
 *
 * @param maxConsecutiveSkips so many updates skipped one after the other end the run
 */
public record LoopSettings(int maxConsecutiveSkips) {

    public LoopSettings {
        if (maxConsecutiveSkips < 1) {
            throw new IllegalArgumentException(
                    "max consecutive skips = " + maxConsecutiveSkips + ", expected 1 or more");
        }
    }

    public static LoopSettings defaults() {
        return new LoopSettings(10);
    }
}

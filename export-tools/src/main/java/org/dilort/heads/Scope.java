package org.dilort.heads;

/** Which pairs a head's losses look at. */
public enum Scope {
    /** A pair's loss depends on that pair alone. */
    PAIR,
    /** The losses depend on all pairs of the optimizer step, so the head's graph must see all of them at once. */
    STEP
}

package org.dilort.autodiff;

/** What the backward pass computes again instead of keeping it from the forward pass. */
public enum Recompute {
    NONE,
    /** All inside a model's blocks: one more forward pass, for the memory of one block instead of all of them. */
    BLOCKS
}

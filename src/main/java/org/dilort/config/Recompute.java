package org.dilort.config;

/** What the backward pass computes again instead of keeping it. */
public enum Recompute implements Keyed {
    NONE,
    BLOCKS
}

package org.dilort.config;

/** How a Bregman head uses the two responses of a pair; {@code AUTO} is the head's own. */
public enum Variant implements Keyed {
    AUTO,
    POINTWISE,
    PAIRWISE,
    MIXTURE,
    RELATIVE
}

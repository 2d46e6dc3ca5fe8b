package org.dilort.config;

/** How token log-probabilities of a response become one number; {@code AUTO} is the head's own. */
public enum Reduction implements Keyed {
    AUTO,
    SUM,
    MEAN
}

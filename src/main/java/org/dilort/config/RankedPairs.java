package org.dilort.config;

/** Which pairs are made of completions that are ranked or scored. */
public enum RankedPairs implements Keyed {
    ALL,
    BEST_WORST
}

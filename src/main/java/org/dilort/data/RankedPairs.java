package org.dilort.data;

/** Which pairs are made of completions that are ranked or scored; equal ones are never paired. */
public enum RankedPairs {
    /** Every completion with every one that is worse. */
    ALL,
    /** The best with the worst; of equal ones the first and the last. */
    BEST_WORST
}

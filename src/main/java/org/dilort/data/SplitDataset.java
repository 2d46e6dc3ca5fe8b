package org.dilort.data;

/**
 * Pairs to train on, and pairs that are held out.
 *
 * @param heldOut empty where nothing is held out; one out of the same files has no files of its own
 */
public record SplitDataset(PairDataset train, PairDataset heldOut) {}

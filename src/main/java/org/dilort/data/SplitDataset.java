package org.dilort.data;

/**
 * Pairs to train on, and pairs held out of the same files.
 *
 * @param heldOut empty where nothing is held out; its files are those of {@code train}
 */
public record SplitDataset(PairDataset train, PairDataset heldOut) {}

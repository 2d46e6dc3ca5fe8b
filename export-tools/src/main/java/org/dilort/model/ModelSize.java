package org.dilort.model;

/**
 * The numbers of a model that code outside its family needs.
 *
 * @param maxPositions the longest sequence that the model was made for
 */
public record ModelSize(
        int vocabulary, int hidden, int layers, int heads, int keyValueHeads, int headSize, int maxPositions) {}

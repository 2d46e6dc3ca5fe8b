package org.dilort.export;

/**
 * What a model went on with.
 *
 * @param tokens without the id that ended the sequence; the array is the caller's
 */
public record Completion(int[] tokens, Ending ending) {}

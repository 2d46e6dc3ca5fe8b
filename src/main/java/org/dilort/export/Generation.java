package org.dilort.export;

/**
 * An answer as text.
 *
 * @param tokens how many were generated, without the end of sequence
 */
public record Generation(String text, int tokens, Ending ending) {}

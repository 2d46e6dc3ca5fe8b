package org.dilort.export;

/**
 * An answer as text.
 *
 * @param promptTokens of what it answers, its begin of sequence counted
 * @param tokens how many were generated, without the end of sequence
 */
public record Generation(String text, int promptTokens, int tokens, Ending ending) {}

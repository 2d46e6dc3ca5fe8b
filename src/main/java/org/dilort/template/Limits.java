package org.dilort.template;

/**
 * How much a template may do. The templates of known models need a thousandth of it.
 *
 * @param source characters of a template
 * @param nesting expressions and statements inside each other, in the source
 * @param depth evaluations inside each other, calls of macros included
 * @param steps evaluations of one rendering, long texts counted by their length
 * @param produced characters that one rendering may write, all in all, intermediate texts included; an element of a list
 *     counts as {@link Budget#ELEMENT} of them
 * @param length characters or elements of one value
 * @param valueDepth values inside each other
 */
record Limits(int source, int nesting, int depth, long steps, long produced, int length, int valueDepth) {
    static final Limits DEFAULT = new Limits(1 << 20, 100, 300, 20_000_000, 32 << 20, 4 << 20, 150);
}

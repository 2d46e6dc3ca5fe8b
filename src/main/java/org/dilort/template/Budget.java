package org.dilort.template;

/** What one rendering has used of its {@link Limits}. */
final class Budget {
    /** Characters that the memory of an element is worth. */
    static final int ELEMENT = 16;

    private static final int CHARACTERS_A_STEP = 32;

    private final Limits limits;
    private long steps;
    private long produced;
    private int depth;

    Budget(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    void step() {
        if (++steps > limits.steps()) {
            throw Fault.limit("more than " + limits.steps() + " steps");
        }
    }

    /** Counts the reading of a text, or of a list. */
    void read(long characters) {
        steps += characters / CHARACTERS_A_STEP;
        step();
    }

    /** Counts a search, which may compare every character of one text with every one of the other. */
    void search(long text, long wanted) {
        read(text);
        read(wanted > text ? 0 : text * wanted / CHARACTERS_A_STEP);
    }

    /** Counts a new text, before it is made. */
    void produce(long characters) {
        requireLength(characters);
        count(characters);
    }

    private void count(long characters) {
        produced += characters;
        if (produced > limits.produced()) {
            throw Fault.limit("more than " + limits.produced() + " characters of text in all");
        }
        read(characters);
    }

    /** Counts a new list, before it is made. */
    void gather(long elements) {
        requireLength(elements);
        count(elements * ELEMENT);
    }

    void requireLength(long characters) {
        if (characters > limits.length()) {
            throw Fault.limit(
                    "a value of " + characters + " characters or elements, expected at most " + limits.length());
        }
    }

    void enter() {
        step();
        if (++depth > limits.depth()) {
            throw Fault.limit("nested deeper than " + limits.depth() + " evaluations");
        }
    }

    void leave() {
        depth--;
    }

    /** The depth of a value around others. */
    int around(int deepest) {
        if (deepest >= limits.valueDepth()) {
            throw Fault.limit("values nested deeper than " + limits.valueDepth());
        }
        return deepest + 1;
    }
}

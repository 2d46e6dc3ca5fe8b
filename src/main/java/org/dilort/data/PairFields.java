package org.dilort.data;

/** The names of the fields of a pair. */
final class PairFields {
    static final String PROMPT = "prompt";
    static final String CHOSEN = "chosen";
    static final String REJECTED = "rejected";

    private PairFields() {}
}

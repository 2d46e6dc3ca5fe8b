package org.dilort.data;

/**
 * What can be wrong with an example although it can be read.
 *
 * <p>Grave is what makes a run's numbers meaningless: it stops training. A response of white space alone teaches a model
 * to say nothing, so one is enough; a pair of equal responses teaches nothing, so it takes many of them.
 */
public enum FindingKind {
    UNUSABLE_ROW("a row that cannot be used", 0),
    BLANK_RESPONSE("a response of white space alone", 0),
    IDENTICAL_RESPONSES("chosen and rejected are the same", 0.1),
    IDENTICAL_AFTER_CUT("chosen and rejected are the same once they are cut", 0.1),
    LEAKED_PROMPT("a held-out prompt that is in the training data too", 1),
    LONG_PROMPT("a prompt that leaves no room for a response", 1),
    SPECIAL_TEXT("a text that holds a special token", 1),
    WRONGLY_DECODED("a text that was decoded wrongly", 1),
    PROMPT_CUT("a prompt that is cut", 1),
    RESPONSE_CUT("a response that is cut", 1),
    DROPPED("a pair that is dropped as too long", 1);

    private final String label;
    private final double tolerated;

    FindingKind(String label, double tolerated) {
        this.label = label;
        this.tolerated = tolerated;
    }

    public String label() {
        return label;
    }

    /** Whether so many findings stop a run; {@code examples} is how many there are in all. */
    boolean grave(long count, long examples) {
        return tolerated < 1 && count > tolerated * examples;
    }
}

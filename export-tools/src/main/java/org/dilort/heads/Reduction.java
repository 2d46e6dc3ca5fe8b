package org.dilort.heads;

/** What a head reads of a response: the sum of its tokens' log-probabilities, or their mean. */
public enum Reduction {
    /** The sequence's log-probability: the formulas of the papers. */
    SUM(""),
    /** The mean over response tokens: what the authors of DIL ran; their ratio is no density ratio. */
    MEAN("-mean");

    private final String fileSuffix;

    Reduction(String fileSuffix) {
        this.fileSuffix = fileSuffix;
    }

    String fileSuffix() {
        return fileSuffix;
    }
}

package org.dilort.data;

/** Counts what becomes of examples; for one thread. */
final class DataTally {
    private long examples;
    private long pairs;
    private long dropped;
    private long promptsCut;
    private long responsesCut;
    private long identical;
    private long splitMerges;
    private long sequenceTokens;
    private long documentTokens;

    void read() {
        examples++;
    }

    void kept(TokenizedPair pair) {
        pairs++;
        identical += pair.identicalResponses() ? 1 : 0;
        sequenceTokens += pair.sequenceTokens();
        documentTokens += pair.documentTokens();
    }

    void dropped() {
        dropped++;
    }

    void promptCut() {
        promptsCut++;
    }

    void responseCut() {
        responsesCut++;
    }

    void mergeSplit() {
        splitMerges++;
    }

    void add(DataTally other) {
        examples += other.examples;
        pairs += other.pairs;
        dropped += other.dropped;
        promptsCut += other.promptsCut;
        responsesCut += other.responsesCut;
        identical += other.identical;
        splitMerges += other.splitMerges;
        sequenceTokens += other.sequenceTokens;
        documentTokens += other.documentTokens;
    }

    DataReport report() {
        return new DataReport(
                examples,
                pairs,
                dropped,
                promptsCut,
                responsesCut,
                identical,
                splitMerges,
                sequenceTokens,
                documentTokens);
    }
}

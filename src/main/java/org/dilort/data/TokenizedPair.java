package org.dilort.data;

import java.util.Arrays;
import java.util.List;

/**
 * A pair as token ids. A sequence is the trunk (the prompt), a lead and a response; only the response is scored.
 *
 * <p>Leads are empty but where a pipeline gives the two sequences prompts that differ at their ends: then the trunk is
 * what the prompts have in common, and each lead the rest of one. Trunk and lead are never both empty, and neither is
 * the chosen response; an empty rejected response means that there is none. The arrays are shared, not copied.
 *
 * @param index number of the pair in the input, from 0
 */
public record TokenizedPair(
        long index, int[] trunk, int[] chosenLead, int[] chosen, int[] rejectedLead, int[] rejected) {
    private static final int[] NONE = {};

    public TokenizedPair {
        boolean withoutContext =
                trunk.length + chosenLead.length == 0 || rejected.length > 0 && trunk.length + rejectedLead.length == 0;
        if (rejected.length == 0 && rejectedLead.length > 0) {
            throw new IllegalArgumentException("pair " + index + ": a lead to no rejected response");
        }
        if (withoutContext || chosen.length == 0) {
            throw new IllegalArgumentException("pair " + index + ": trunk has " + trunk.length + " tokens, chosen "
                    + chosen.length + "; expected at least 1 of each");
        }
    }

    public TokenizedPair(long index, int[] trunk, int[] chosen, int[] rejected) {
        this(index, trunk, NONE, chosen, NONE, rejected);
    }

    /** From the prompts of both sequences: what they have in common becomes the trunk. */
    static TokenizedPair ofPrompts(long index, int[] chosenPrompt, int[] chosen, int[] rejectedPrompt, int[] rejected) {
        int mismatch = Arrays.mismatch(chosenPrompt, rejectedPrompt);
        int common = mismatch < 0 ? chosenPrompt.length : mismatch;
        return new TokenizedPair(
                index,
                Arrays.copyOf(chosenPrompt, common),
                Arrays.copyOfRange(chosenPrompt, common, chosenPrompt.length),
                chosen,
                Arrays.copyOfRange(rejectedPrompt, common, rejectedPrompt.length),
                rejected);
    }

    public boolean hasRejected() {
        return rejected.length > 0;
    }

    public TokenizedPair withoutRejected() {
        return new TokenizedPair(index, trunk, chosenLead, chosen, NONE, NONE);
    }

    public TokenizedPair withIndex(long number) {
        return new TokenizedPair(number, trunk, chosenLead, chosen, rejectedLead, rejected);
    }

    /** Everything before the chosen response. */
    public int[] chosenPrompt() {
        return joined(trunk, chosenLead);
    }

    /** Everything before the rejected response. */
    public int[] rejectedPrompt() {
        return joined(trunk, rejectedLead);
    }

    /** Trunk, chosen lead, chosen response, rejected lead, rejected response. */
    public List<int[]> parts() {
        return List.of(trunk, chosenLead, chosen, rejectedLead, rejected);
    }

    /** Tokens of both sequences, the trunk counted in each: what a layout of two rows computes. */
    public int sequenceTokens() {
        return documentTokens() + (hasRejected() ? trunk.length : 0);
    }

    /** Tokens of the document, the trunk counted once. */
    public int documentTokens() {
        return trunk.length + chosenLead.length + chosen.length + rejectedLead.length + rejected.length;
    }

    /** Tokens of the longer sequence. */
    public int longestSequence() {
        return trunk.length + Math.max(chosenLead.length + chosen.length, rejectedLead.length + rejected.length);
    }

    /** Whether both responses are the same tokens in the same context. */
    public boolean identicalResponses() {
        return Arrays.equals(chosen, rejected) && Arrays.equals(chosenLead, rejectedLead);
    }

    private static int[] joined(int[] start, int[] end) {
        if (end.length == 0) {
            return start;
        }
        int[] all = Arrays.copyOf(start, start.length + end.length);
        System.arraycopy(end, 0, all, start.length, end.length);
        return all;
    }
}

package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Set;

/** The answer to one prompt while it grows. */
final class GrowingSequence {
    private final int promptLength;
    private final int bound;
    private final Ending endingAtBound;
    private final Set<Integer> endIds;
    private final Sampling.TokenChooser chooser;
    private int[] tokens = new int[16];
    private int count;
    private boolean ended;
    private boolean stopped;

    /** @param room positions that the prompt leaves, at least 1 */
    GrowingSequence(int promptLength, int maxNewTokens, int room, Set<Integer> endIds, Sampling.TokenChooser chooser) {
        this.promptLength = promptLength;
        this.bound = Math.min(maxNewTokens, room);
        this.endingAtBound = maxNewTokens <= room ? Ending.MAX_NEW_TOKENS : Ending.CONTEXT_FULL;
        this.endIds = endIds;
        this.chooser = chooser;
    }

    boolean isOpen() {
        return !ended && !stopped && count < bound;
    }

    /** Chooses the next token; gives whether it was one, and not the end. */
    boolean choose(FloatBuffer logits) {
        int token = chooser.choose(logits);
        ended = endIds.contains(token);
        if (!ended) {
            tokens = count == tokens.length ? Arrays.copyOf(tokens, 2 * count) : tokens;
            tokens[count++] = token;
        }
        return !ended;
    }

    /** Ends it with what it has. */
    void stop() {
        stopped = true;
    }

    int lastToken() {
        return tokens[count - 1];
    }

    /** Position of the last token in the sequence. */
    int lastPosition() {
        return promptLength + count - 1;
    }

    Completion completion() {
        Ending ending = stopped ? Ending.STOPPED : ended ? Ending.END_OF_SEQUENCE : endingAtBound;
        return new Completion(Arrays.copyOf(tokens, count), ending);
    }
}

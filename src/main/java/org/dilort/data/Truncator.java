package org.dilort.data;

import java.util.Optional;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;

/** Brings pairs within {@link TokenLimits}; both responses share one trunk, so the longer one decides about it. */
final class Truncator {
    private final TokenLimits limits;
    private final int bos;

    Truncator(TokenLimits limits, int bos) {
        this.limits = limits;
        this.bos = bos;
    }

    /** The pair within the limits, or nothing if it is dropped. */
    Optional<TokenizedPair> apply(TokenizedPair pair, SourceLine source, DataTally tally) {
        boolean promptFits = pair.trunk().length <= limits.maxPromptLength();
        if (promptFits && pair.longestSequence() <= limits.maxLength()) {
            return Optional.of(pair);
        }
        Optional<TokenizedPair> cut = switch (limits.truncation()) {
            case PROMPT_LEFT -> Optional.of(promptLeft(withinPromptLimit(pair)));
            case KEEP_START -> keepStart(withinPromptLimit(pair));
            case KEEP_END -> Optional.of(keepEnd(withinPromptLimit(pair)));
            case DROP -> Optional.empty();
            case FAIL -> throw tooLong(pair, source);
        };
        cut.ifPresentOrElse(result -> count(pair, result, tally), tally::dropped);
        return cut;
    }

    private TokenizedPair withinPromptLimit(TokenizedPair pair) {
        int[] trunk = cutLeft(pair.trunk(), limits.maxPromptLength());
        return new TokenizedPair(pair.index(), trunk, pair.chosen(), pair.rejected());
    }

    private TokenizedPair promptLeft(TokenizedPair pair) {
        int[] trunk = cutLeft(pair.trunk(), trunkBound(pair));
        int response = limits.maxLength() - trunk.length;
        return new TokenizedPair(
                pair.index(),
                trunk,
                TextEncoder.first(pair.chosen(), response),
                TextEncoder.first(pair.rejected(), response));
    }

    private Optional<TokenizedPair> keepStart(TokenizedPair pair) {
        int response = limits.maxLength() - pair.trunk().length;
        if (response <= 0) {
            return Optional.empty();
        }
        return Optional.of(new TokenizedPair(
                pair.index(),
                pair.trunk(),
                TextEncoder.first(pair.chosen(), response),
                TextEncoder.first(pair.rejected(), response)));
    }

    private TokenizedPair keepEnd(TokenizedPair pair) {
        int[] trunk = TextEncoder.last(pair.trunk(), trunkBound(pair));
        int response = limits.maxLength() - trunk.length;
        return new TokenizedPair(
                pair.index(),
                trunk,
                TextEncoder.last(pair.chosen(), response),
                TextEncoder.last(pair.rejected(), response));
    }

    /** Tokens that the longer response leaves to the trunk, which keeps at least one to predict from. */
    private int trunkBound(TokenizedPair pair) {
        return Math.max(1, limits.maxLength() - (pair.longestSequence() - pair.trunk().length));
    }

    private int[] cutLeft(int[] trunk, int length) {
        int[] cut = TextEncoder.last(trunk, length);
        if (cut.length < trunk.length && trunk[0] == bos) {
            cut[0] = bos;
        }
        return cut;
    }

    private static void count(TokenizedPair before, TokenizedPair after, DataTally tally) {
        if (after.trunk().length < before.trunk().length) {
            tally.promptCut();
        }
        if (after.chosen().length < before.chosen().length || after.rejected().length < before.rejected().length) {
            tally.responseCut();
        }
    }

    private DataException tooLong(TokenizedPair pair, SourceLine source) {
        int prompt = pair.trunk().length;
        if (prompt > limits.maxPromptLength()) {
            return new DataException(source + ": prompt has " + prompt + " tokens, expected at most "
                    + limits.maxPromptLength() + " (data.max_prompt_length)");
        }
        return new DataException(source + ": prompt and response have " + pair.longestSequence()
                + " tokens, expected at most " + limits.maxLength() + " (data.max_length)");
    }
}

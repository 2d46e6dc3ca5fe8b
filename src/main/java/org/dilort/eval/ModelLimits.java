package org.dilort.eval;

import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.error.DataException;
import org.dilort.model.ModelSize;

/** Refuses pairs that a model cannot take, before a session sees them. */
record ModelLimits(ModelSize size) {

    void require(List<TokenizedPair> pairs) {
        for (TokenizedPair pair : pairs) {
            requireIds(pair, "prompt", pair.chosenPrompt());
            requireIds(pair, "prompt", pair.rejectedPrompt());
            requireIds(pair, "chosen", pair.chosen());
            requireIds(pair, "rejected", pair.rejected());
            if (pair.longestSequence() > size.maxPositions()) {
                throw new DataException("pair " + pair.index() + ": prompt and response have " + pair.longestSequence()
                        + " tokens, expected at most " + size.maxPositions() + " (max_position_embeddings)");
            }
        }
    }

    private void requireIds(TokenizedPair pair, String part, int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= size.vocabulary()) {
                throw new DataException("pair " + pair.index() + ": " + part + " token " + i + ": got id " + ids[i]
                        + ", expected 0 to " + (size.vocabulary() - 1));
            }
        }
    }
}

package org.dilort.data;

import java.util.Optional;
import org.dilort.input.SourceLine;

/** How texts become the tokens of a pair, and what becomes of a pair that is too long; thread-safe. */
interface PairPipeline {

    /** The pair of a text, not yet cut. */
    TokenizedPair text(PreferenceExample.Text example, long index, DataTally tally);

    /** The pair of a conversation, not yet cut. */
    TokenizedPair messages(PreferenceExample.Messages example, long index, DataTally tally);

    /** The pair within the limits, or nothing if it is dropped. */
    Optional<TokenizedPair> cut(TokenizedPair pair, SourceLine source, DataTally tally);
}

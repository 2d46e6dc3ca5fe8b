package org.dilort.eval;

import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.export.DecoderScorer;

/** Scores with the serving graph of an export folder; owns the decoder. */
record ServedScorer(DecoderScorer decoder) implements SequenceScorer {

    @Override
    public List<PairScore> score(List<TokenizedPair> pairs) {
        new ModelLimits(decoder.size()).require(pairs);
        return PairScore.of(pairs, decoder.sequenceLogps(pairs));
    }

    @Override
    public void close() {
        decoder.close();
    }
}

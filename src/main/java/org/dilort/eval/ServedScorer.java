package org.dilort.eval;

import java.util.ArrayList;
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
    public List<TokenLogps> tokenLogps(List<TokenizedPair> pairs) {
        new ModelLimits(decoder.size()).require(pairs);
        List<double[]> rows = decoder.tokenLogps(pairs);
        List<TokenLogps> logps = new ArrayList<>();
        for (int i = 0; i < rows.size(); i += 2) {
            logps.add(new TokenLogps(rows.get(i), rows.get(i + 1)));
        }
        return logps;
    }

    @Override
    public void close() {
        decoder.close();
    }
}

package org.dilort.eval;

import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.WeightSource;

/** Log-probabilities of whole pairs under one model; for one thread at a time. */
public interface SequenceScorer extends AutoCloseable {

    /**
     * Scores with the forward pass of training, over weights that lie in files: a Hugging Face folder or a checkpoint. It
     * takes the weights over, and closes them when it is closed.
     *
     * @throws org.dilort.error.FormatException for weights that are not the model's
     */
    static SequenceScorer of(CausalLm model, WeightSource weights, SessionSettings settings) {
        for (Parameter parameter : model.parameters()) {
            weights.require(parameter.name(), parameter.shape().toArray());
        }
        return new PackedScorer(model, weights, settings);
    }

    /**
     * The score of each pair, in their order.
     *
     * @throws org.dilort.error.DataException for an id that the model lacks or a sequence longer than its context
     */
    List<PairScore> score(List<TokenizedPair> pairs);

    /**
     * The log-probability of each response token of each pair, in their order.
     *
     * @throws org.dilort.error.DataException for an id that the model lacks or a sequence longer than its context
     */
    List<TokenLogps> tokenLogps(List<TokenizedPair> pairs);

    @Override
    void close();
}

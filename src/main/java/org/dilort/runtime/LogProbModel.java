package org.dilort.runtime;

import java.util.Map;
import org.dilort.artifacts.TrainingGraph;

/** A model without gradients that scores the sequences of a micro-batch. */
public interface LogProbModel extends AutoCloseable {

    /** Log-probabilities and what else the model was opened for, by the names of the graph's outputs; nats. */
    Map<String, float[]> scores(MicroBatch batch);

    /** Log-probability sums over response tokens, {@code [pairs * 2]}: chosen, then rejected of each pair; nats. */
    default float[] sequenceLogps(MicroBatch batch) {
        return scores(batch).get(TrainingGraph.POLICY_LOGPS);
    }

    @Override
    void close();
}

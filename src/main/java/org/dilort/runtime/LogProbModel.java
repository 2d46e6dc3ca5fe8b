package org.dilort.runtime;

/** A model without gradients that scores the sequences of a micro-batch. */
public interface LogProbModel extends AutoCloseable {

    /** Log-probability sums over response tokens, {@code [pairs * 2]}: chosen, then rejected of each pair; nats. */
    float[] sequenceLogps(MicroBatch batch);

    @Override
    void close();
}

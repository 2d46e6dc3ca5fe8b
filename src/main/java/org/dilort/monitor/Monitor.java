package org.dilort.monitor;

import org.dilort.train.TrainingListener;

/** Tells another program of a run until it is closed. */
public sealed interface Monitor extends TrainingListener, AutoCloseable
        permits TensorBoardLog, PrometheusLog, MlflowLog {
    @Override
    void close();
}

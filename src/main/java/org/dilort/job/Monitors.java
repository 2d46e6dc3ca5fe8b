package org.dilort.job;

import java.time.Clock;
import java.util.List;
import org.dilort.monitor.TensorBoardLog;
import org.dilort.train.TrainingListener;

/** The listeners that tell other programs of a run, as the section {@code log} asks for them. */
final class Monitors implements AutoCloseable {
    private final List<TensorBoardLog> logs;

    private Monitors(List<TensorBoardLog> logs) {
        this.logs = logs;
    }

    static Monitors open(RunContext run) {
        return new Monitors(
                run.config().log().tensorboard()
                        ? List.of(TensorBoardLog.open(run.folder().tensorboard(), Clock.systemUTC()))
                        : List.of());
    }

    List<TrainingListener> listeners() {
        return List.copyOf(logs);
    }

    @Override
    public void close() {
        logs.forEach(TensorBoardLog::close);
    }
}

package org.dilort.monitor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.files.DurableFiles;
import org.dilort.train.EvaluationReport;
import org.dilort.train.LoopState;
import org.dilort.train.Outcome;
import org.dilort.train.RunFailedException;
import org.dilort.train.StepReport;

/**
 * The metrics of {@code metrics.jsonl} for TensorBoard: those of a step as {@code train/NAME}, those of an evaluation as {@code
 * eval/NAME}. A resumed run begins a file of its own, which says from which step on it stands for earlier ones.
 */
public final class TensorBoardLog implements Monitor {
    private static final String STEP = "train/";
    private static final String EVALUATION = "eval/";

    private final Path folder;
    private final EventFile events;
    private final Clock clock;

    private TensorBoardLog(Path folder, EventFile events, Clock clock) {
        this.folder = folder;
        this.events = events;
        this.clock = clock;
    }

    /** @throws RunFailedException when the folder cannot be written */
    public static TensorBoardLog open(Path folder, Clock clock) {
        try {
            return new TensorBoardLog(folder, EventFile.create(folder, clock.instant()), clock);
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    @Override
    public void onStart(LoopState state) {
        write(() -> events.begin(clock.instant(), state.step() + 1));
    }

    @Override
    public void onStep(StepReport report) {
        Map<String, Double> values = new TreeMap<>();
        report.metrics().forEach((name, value) -> values.put(STEP + name, value));
        write(() -> events.scalars(clock.instant(), report.step(), values));
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        Map<String, Double> values = new TreeMap<>();
        report.metrics().forEach((name, value) -> values.put(EVALUATION + name, value));
        write(() -> events.scalars(clock.instant(), report.step(), values));
    }

    @Override
    public void onCheckpoint(long step, Path checkpoint) {
        write(events::force);
    }

    @Override
    public void onEnd(Outcome outcome) {
        write(events::force);
    }

    @Override
    public void close() {
        write(events::close);
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw notWritten(folder, e);
        }
    }

    private static RunFailedException notWritten(Path folder, IOException cause) {
        return new RunFailedException(folder + ": not written: " + DurableFiles.reason(cause), cause);
    }
}

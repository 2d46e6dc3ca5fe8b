package org.dilort.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.dilort.train.EvaluationReport;
import org.dilort.train.LoopState;
import org.dilort.train.Outcome;
import org.dilort.train.StepReport;
import org.dilort.train.TrainingListener;

/**
 * Asks rules about a run, tells the user what they say and keeps it in {@code remarks.jsonl}. What was said is not said
 * again within {@value #QUIET_STEPS} steps, also across a resumption.
 */
public final class Doctor implements TrainingListener, AutoCloseable {
    static final long QUIET_STEPS = 100;

    private final RemarksLog log;
    private final Consumer<Remark> console;
    private final List<Rule> rules;

    /** Takes over {@code log}: closing this closes it. */
    public Doctor(RemarksLog log, Consumer<Remark> console, List<Rule> rules) {
        this.log = log;
        this.console = console;
        this.rules = List.copyOf(rules);
    }

    /** Keeps what the user has been told otherwise. */
    public void keep(Remark remark) {
        if (!log.saidWithin(QUIET_STEPS, remark)) {
            log.append(remark);
        }
    }

    @Override
    public void onStart(LoopState state) {
        rules.forEach(rule -> say(rule.atStart()));
    }

    @Override
    public void onStep(StepReport report) {
        rules.forEach(rule -> say(rule.afterStep(report)));
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        rules.forEach(rule -> say(rule.afterEvaluation(report)));
    }

    @Override
    public void onCheckpoint(long step, Path folder) {
        rules.forEach(rule -> say(rule.afterCheckpoint(step, folder)));
        log.force();
    }

    @Override
    public void onEnd(Outcome outcome) {
        log.force();
    }

    private void say(Optional<Remark> said) {
        said.filter(remark -> !log.saidWithin(QUIET_STEPS, remark)).ifPresent(remark -> {
            log.append(remark);
            console.accept(remark);
        });
    }

    @Override
    public void close() {
        log.close();
    }
}

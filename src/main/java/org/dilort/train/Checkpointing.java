package org.dilort.train;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.dilort.runtime.TrainablePolicy;

/**
 * Writes a checkpoint every so many steps, where an evaluation was the best so far, and where a run ends, also when it was
 * interrupted. Comes last.
 */
public final class Checkpointing implements TrainingListener {
    private final CheckpointFolder folder;
    private final TrainablePolicy policy;
    private final CheckpointSettings settings;
    private final RunIdentity run;
    private final List<TrainingListener> told;
    private SortedMap<String, Best> best;
    private long savedStep;

    /**
     * @param start what the run starts from, or goes on from
     * @param told listeners whose {@code onCheckpoint} is called, in this order
     */
    public Checkpointing(
            CheckpointFolder folder,
            TrainablePolicy policy,
            CheckpointSettings settings,
            CheckpointState start,
            List<TrainingListener> told) {
        this.folder = folder;
        this.policy = policy;
        this.settings = settings;
        this.run = start.run();
        this.best = start.best();
        this.savedStep = start.progress().step();
        this.told = List.copyOf(told);
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        for (BestRule rule : settings.bestRules()) {
            best = rule.apply(best, report);
        }
    }

    @Override
    public void onStep(StepReport report) {
        boolean isBest = best.values().stream().anyMatch(found -> found.step() == report.step());
        if (isBest || report.step() % settings.every() == 0) {
            save(report.state());
        }
    }

    @Override
    public void onEnd(Outcome outcome) {
        if (outcome.state().step() > savedStep) {
            save(outcome.state());
        }
    }

    private void save(LoopState state) {
        Path saved = folder.save(new CheckpointState(state, run, best), policy);
        savedStep = state.step();
        for (TrainingListener listener : told) {
            listener.onCheckpoint(savedStep, saved);
        }
    }
}

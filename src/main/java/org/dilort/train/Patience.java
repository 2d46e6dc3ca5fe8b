package org.dilort.train;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ends a run whose best evaluation is so many evaluations old. What it goes by is in every checkpoint, so a resumed run ends where
 * the run without an interruption does.
 */
public final class Patience implements TrainingListener {
    private final BestRule rule;
    private final long evaluations;
    private final long every;
    private SortedMap<String, Best> best;
    private long step;

    /**
     * @param evaluations without a better value, 1 or more
     * @param every steps from one evaluation to the next
     * @param best so far, of the checkpoint that the run goes on from
     */
    public Patience(BestRule rule, long evaluations, long every, SortedMap<String, Best> best) {
        if (evaluations < 1 || every < 1) {
            throw new IllegalArgumentException("patience of " + evaluations + " evaluations every " + every
                    + " steps, expected 1 or more of both");
        }
        this.rule = rule;
        this.evaluations = evaluations;
        this.every = every;
        this.best = new TreeMap<>(best);
    }

    @Override
    public void onStart(LoopState state) {
        step = state.step();
    }

    @Override
    public void onStep(StepReport report) {
        step = report.step();
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        best = rule.apply(best, report);
    }

    @Override
    public boolean hasEnough() {
        return sinceBest() >= evaluations;
    }

    /** Evaluations after the best one; all of them while no value was a number. */
    private long sinceBest() {
        long from = best.containsKey(rule.metric()) ? best.get(rule.metric()).step() : 0;
        return step / every - from / every;
    }
}

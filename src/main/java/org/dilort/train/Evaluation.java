package org.dilort.train;

import java.util.List;

/** Evaluates every so many steps and after the last one, and tells those who record it. */
public final class Evaluation implements TrainingListener {
    private final Evaluator evaluator;
    private final long every;
    private final List<TrainingListener> told;

    /**
     * @param every steps from one evaluation to the next; {@link Long#MAX_VALUE} for the last step alone
     * @param told listeners whose {@code onEvaluation} is called, in this order
     */
    public Evaluation(Evaluator evaluator, long every, List<TrainingListener> told) {
        if (every < 1) {
            throw new IllegalArgumentException("evaluation every " + every + " steps, expected 1 or more");
        }
        this.evaluator = evaluator;
        this.every = every;
        this.told = List.copyOf(told);
    }

    @Override
    public void onStep(StepReport report) {
        if (report.step() % every == 0 || report.step() == report.steps()) {
            evaluate(report.step());
        }
    }

    /** Evaluates now, as after {@code step}; with 0 before a run. */
    public EvaluationReport evaluate(long step) {
        EvaluationReport report = new EvaluationReport(step, evaluator.evaluate(step));
        for (TrainingListener listener : told) {
            listener.onEvaluation(report);
        }
        return report;
    }
}

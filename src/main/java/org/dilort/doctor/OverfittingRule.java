package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.EvaluationReport;
import org.dilort.train.StepReport;

/**
 * The held-out loss has been above its lowest, by more than {@value #LOST} of what the run had gained by then (of the
 * lowest itself where it had gained nothing), in two evaluations in a row and rises, while the training loss since the
 * last evaluation is below what it was before the lowest one (in the first stretch, if that was before any step).
 */
final class OverfittingRule implements Rule {
    private static final double LOST = 0.1;

    private double first = Double.NaN;
    private double lowest = Double.POSITIVE_INFINITY;
    private long lowestStep;
    private double trainedAtLowest = Double.NaN;
    private double last = Double.NaN;
    private double trainLoss;
    private long steps;
    private int above;
    private final Onset onset = new Onset();

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        if (Double.isFinite(report.loss())) {
            trainLoss += report.loss();
            steps++;
        }
        return Optional.empty();
    }

    @Override
    public Optional<Remark> afterEvaluation(EvaluationReport report) {
        double loss = report.metrics().getOrDefault("loss", Double.NaN);
        double trained = trainLoss / steps; // NaN before the first step
        trainLoss = 0;
        steps = 0;
        first = Double.isNaN(first) ? loss : first;
        if (loss < lowest) {
            lowest = loss;
            lowestStep = report.step();
            trainedAtLowest = trained;
        }
        trainedAtLowest = Double.isNaN(trainedAtLowest) ? trained : trainedAtLowest;
        double gained = first - lowest;
        double allowed = LOST * (gained > 0 ? gained : Math.abs(lowest));
        above = loss > lowest + allowed ? above + 1 : 0;
        boolean holds = above >= 2 && loss >= last && trained < trainedAtLowest;
        last = loss;
        if (!onset.of(holds)) {
            return Optional.empty();
        }
        return Optional.of(Topic.OVERFITTING.warning(
                report.step(),
                "eval_loss is " + Numbers.of(loss) + " and rising, " + Numbers.of(lowest) + " at step " + lowestStep
                        + ", while the training loss fell from " + Numbers.of(trainedAtLowest) + " to "
                        + Numbers.of(trained)
                        + ", expected both to fall: the run learns its pairs by heart; stop near step " + lowestStep
                        + " (train.max_steps), or try fewer train.epochs, a smaller train.learning_rate or more data"));
    }
}

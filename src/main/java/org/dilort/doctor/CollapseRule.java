package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.StepReport;

/**
 * Guessing each token evenly gives it -ln(vocabulary). If in {@value #WINDOW} steps in a row the chosen responses, at their
 * mean length in the data, are {@value #NATS} nats per token worse than that, and {@value #NATS} worse than at the first
 * step seen, the policy has forgotten its language: the learning rate is far too great.
 */
final class CollapseRule implements Rule {
    private static final int WINDOW = 10;
    private static final double NATS = 1;

    private final double guessing;
    private final double tokens;
    private final Window logps = new Window(WINDOW);
    private final Onset onset = new Onset();
    private double first = Double.NaN;

    /** @param tokens mean length of the chosen responses */
    CollapseRule(int vocabulary, double tokens) {
        this.guessing = -Math.log(vocabulary);
        this.tokens = tokens;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        double logp = report.means().logpChosen() / tokens;
        first = Double.isNaN(first) ? logp : first;
        logps.add(logp);
        boolean collapsed = logps.full() && logps.max() < guessing - NATS && logps.max() < first - NATS;
        if (!onset.of(collapsed)) {
            return Optional.empty();
        }
        return Optional.of(Topic.COLLAPSED_POLICY.warning(
                report.step(),
                "logps/chosen is " + Numbers.of(logps.mean()) + " per token over the last " + WINDOW + " steps, "
                        + Numbers.of(first) + " at first, expected above the " + Numbers.of(guessing)
                        + " of guessing evenly: the policy has forgotten its language; start again with a much smaller"
                        + " train.learning_rate, for AdamW 1e-7 to 1e-5, with model.lora up to 1e-4"));
    }
}

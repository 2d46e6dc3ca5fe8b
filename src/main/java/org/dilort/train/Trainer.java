package org.dilort.train;

import java.util.List;
import java.util.Optional;
import org.dilort.error.ConfigException;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.runtime.UpdateResult;

/**
 * The training loop: accumulate micro-batches, update, report.
 *
 * <p>It knows nothing of losses, files or consoles; {@link TrainingListener} has them. A wish to stop is looked at
 * between steps. The policy stays the caller's to close.
 */
public final class Trainer {
    private final TrainablePolicy policy;
    private final StepSource source;
    private final Schedule schedule;
    private final LoopSettings settings;
    private final NanoClock clock;

    public Trainer(
            TrainablePolicy policy, StepSource source, Schedule schedule, LoopSettings settings, NanoClock clock) {
        if (source.steps() != schedule.steps()) {
            throw new IllegalArgumentException(
                    "schedule of " + schedule.steps() + " steps, expected the data's " + source.steps());
        }
        this.policy = policy;
        this.source = source;
        this.schedule = schedule;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Runs the steps after {@code start} to the last one.
     *
     * @throws ConfigException when {@code start} is beyond the last step
     * @throws RunFailedException when too many updates in a row were skipped
     */
    public Outcome run(LoopState start, List<TrainingListener> listeners, StopSignal stop) {
        requireWithinRun(start);
        stop.loopBegins();
        try {
            return loop(start, listeners, stop);
        } finally {
            stop.loopEnded();
        }
    }

    private Outcome loop(LoopState start, List<TrainingListener> listeners, StopSignal stop) {
        LoopState state = start;
        for (TrainingListener listener : listeners) {
            listener.onStart(state);
        }
        while (state.step() < source.steps() && stop.requested().isEmpty() && !haveEnough(listeners)) {
            long began = clock.nanos();
            Step step = source.step(state.step() + 1);
            StepSums sums = new StepSums();
            List<StepResult> results = policy.accumulateStep(step.microBatches());
            results.forEach(sums::add);
            requireFinite(step, results, sums);
            double learningRate = schedule.learningRate(step.number());
            UpdateResult update = sums.nothingLeft() ? discarded() : policy.update(learningRate);
            state = state.after(step, update);
            StepReport report = new StepReport(
                    state,
                    source.steps(),
                    sums.loss(),
                    learningRate,
                    update,
                    sums.means(step),
                    step.numTokens(),
                    step.computedTokens(),
                    step.laidOutTokens(),
                    clock.secondsSince(began));
            for (TrainingListener listener : listeners) {
                listener.onStep(report);
            }
            requireProgress(state);
        }
        Outcome outcome = outcome(state, stop.requested());
        for (TrainingListener listener : listeners) {
            listener.onEnd(outcome);
        }
        return outcome;
    }

    private static boolean haveEnough(List<TrainingListener> listeners) {
        return listeners.stream().anyMatch(TrainingListener::hasEnough);
    }

    private void requireWithinRun(LoopState start) {
        if (start.step() > source.steps()) {
            throw new ConfigException("train.resume: the checkpoint is of step " + start.step()
                    + ", expected at most the run's " + source.steps() + " steps");
        }
    }

    private UpdateResult discarded() {
        policy.discard();
        return new UpdateResult(Double.NaN, false);
    }

    private void requireFinite(Step step, List<StepResult> results, StepSums sums) {
        if (sums.skipped() == 0 || settings.nonFinitePairs() == LoopSettings.NonFinitePairs.SKIP) {
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            float[] skipped = results.get(i).flags().skipped();
            for (int pair = 0; pair < skipped.length; pair++) {
                if (skipped[pair] > 0) {
                    throw nonFinite(
                            step,
                            results.get(i),
                            pair,
                            step.microBatches().get(i).pairIndices()[pair]);
                }
            }
        }
    }

    private static RunFailedException nonFinite(Step step, StepResult result, int pair, int index) {
        return new RunFailedException("step " + step.number() + ": loss " + result.losses()[pair]
                + " or its gradient is"
                + " not finite for pair " + index + " of the data, rewards " + result.rewards()[2 * pair] + " and "
                + result.rewards()[2 * pair + 1] + "; train.non_finite is stop, expected skip to go on without it, or a"
                + " smaller head.exp_cap or train.learning_rate");
    }

    private void requireProgress(LoopState state) {
        if (state.consecutiveSkips() < settings.maxConsecutiveSkips()) {
            return;
        }
        throw new RunFailedException("step " + state.step() + ": the gradient was not finite in "
                + state.consecutiveSkips() + " steps in a row, expected fewer than " + settings.maxConsecutiveSkips()
                + "; try a smaller train.learning_rate or head.exp_cap");
    }

    private static Outcome outcome(LoopState state, Optional<StopSignal.Cause> cause) {
        return cause.<Outcome>map(asked -> new Outcome.Interrupted(state, asked))
                .orElseGet(() -> new Outcome.Completed(state));
    }
}

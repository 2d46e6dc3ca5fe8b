package org.dilort.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.dilort.runtime.UpdateResult;
import org.dilort.train.HeadShares;
import org.dilort.train.LoopState;
import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;

/** A step of a run that goes well, 64 pairs and 20,000 tokens in 10 s; tests change what they are about. */
final class FakeStep {
    static final int PAIRS = 64;
    static final long STEPS = 1000;

    private final long number;
    private double loss = 0.6;
    private double norm = 2;
    private boolean applied = true;
    private double chosen = 0.1;
    private double rejected = -0.1;
    private double accuracy = 0.7;
    private double logpChosen = -30;
    private double saturated;
    private double seconds = 10;

    private FakeStep(long number) {
        this.number = number;
    }

    static FakeStep of(long number) {
        return new FakeStep(number);
    }

    FakeStep loss(double value) {
        loss = value;
        return this;
    }

    FakeStep norm(double value) {
        norm = value;
        return this;
    }

    FakeStep skipped() {
        norm = Double.NaN;
        applied = false;
        return this;
    }

    FakeStep rewards(double ofChosen, double ofRejected) {
        chosen = ofChosen;
        rejected = ofRejected;
        return this;
    }

    FakeStep accuracy(double value) {
        accuracy = value;
        return this;
    }

    FakeStep logpChosen(double value) {
        logpChosen = value;
        return this;
    }

    FakeStep saturated(double share) {
        saturated = share;
        return this;
    }

    FakeStep seconds(double value) {
        seconds = value;
        return this;
    }

    StepReport report() {
        PairMeans means = new PairMeans.ChosenAndRejected(
                chosen, rejected, chosen - rejected, accuracy, logpChosen, -40, new HeadShares(saturated, 0));
        LoopState state = new LoopState(number, number, 0, 0, (double) number / STEPS, 20_000 * number);
        return new StepReport(
                state, STEPS, loss, 5e-7, new UpdateResult(norm, applied), means, 20_000, 15_000, 16_000, seconds);
    }

    /** What a rule says of steps 1 to {@code last}. */
    static List<Remark> watch(Rule rule, long last, LongFunction<FakeStep> steps) {
        List<Remark> remarks = new ArrayList<>();
        for (long step = 1; step <= last; step++) {
            rule.afterStep(steps.apply(step).report()).ifPresent(remarks::add);
        }
        return remarks;
    }
}

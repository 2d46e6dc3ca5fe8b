package org.dilort.check;

import org.dilort.heads.HeadSpec;

/** A head's loss and slopes at single pairs of one-token responses, each pair a step of its own. */
final class HeadSweep implements AutoCloseable {
    /** The reference's log-probability of every response: policies near it stay below 0. */
    private static final double REFERENCE = -64;

    private final HeadProbe probe;
    private final double beta;

    HeadSweep(HeadSpec spec) {
        this.probe = HeadProbe.of(spec);
        this.beta = spec.coefficients().getOrDefault("beta", 1.0);
    }

    /** A loss with its slopes in what the pair was given by. */
    record Point(double loss, double chosenSlope, double rejectedSlope) {}

    /** At beta times the log-ratios. */
    Point atRewards(double chosen, double rejected) {
        Point point = atLogps(REFERENCE + chosen / beta, REFERENCE + rejected / beta);
        return new Point(point.loss(), point.chosenSlope() / beta, point.rejectedSlope() / beta);
    }

    /** At the policy's log-probabilities. */
    Point atLogps(double chosen, double rejected) {
        double[] policy = {chosen, rejected};
        HeadFeeds feeds = HeadFeeds.of(new HeadBatch(policy, new double[] {REFERENCE, REFERENCE}, new double[] {1, 1}));
        HeadProbe.Result result = probe.run(feeds.values());
        double[] slopes = result.slopes(feeds);
        return new Point(result.losses()[0], slopes[0], slopes[1]);
    }

    @Override
    public void close() {
        probe.close();
    }
}

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
        HeadProbe.Result result =
                probe.run(new HeadBatch(policy, new double[] {REFERENCE, REFERENCE}, new double[] {1, 1}));
        return new Point(result.losses()[0], slope(result, 0), slope(result, 1));
    }

    /** Of a head that reads token by token, its one token's too; a batch has the last sequence's first. */
    private double slope(HeadProbe.Result result, int sequence) {
        boolean byToken = probe.differentiated().contains("token_logps");
        return result.gradients()[sequence] + (byToken ? result.gradients()[3 - sequence] : 0);
    }

    @Override
    public void close() {
        probe.close();
    }
}

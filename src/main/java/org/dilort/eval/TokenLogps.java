package org.dilort.eval;

import java.util.Arrays;

/**
 * Log-probabilities of the response tokens of a pair, in their order, nats. The arrays are shared, not copied.
 *
 * @param rejected empty if there is no rejected response
 */
public record TokenLogps(double[] chosen, double[] rejected) {

    public double chosenSum() {
        return Arrays.stream(chosen).sum();
    }

    public double rejectedSum() {
        return Arrays.stream(rejected).sum();
    }
}

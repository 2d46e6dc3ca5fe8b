package org.dilort.train;

import java.util.Map;

/**
 * Shares of a step's pairs, 0 to 1.
 *
 * @param saturated with an exponent above the head's cap
 * @param skipped taken out, because their loss or its gradient was not finite
 */
public record HeadShares(double saturated, double skipped) {

    void putInto(Map<String, Double> metrics) {
        metrics.put("head/saturated", saturated);
        metrics.put("head/skipped", skipped);
    }
}

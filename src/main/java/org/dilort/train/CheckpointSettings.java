package org.dilort.train;

import java.util.List;

/**
 * When a checkpoint is due and what it remembers of evaluations.
 *
 * @param every steps from one checkpoint to the next; the end of a run has one in any case
 */
public record CheckpointSettings(long every, List<BestRule> bestRules) {

    public CheckpointSettings {
        bestRules = List.copyOf(bestRules);
        if (every < 1) {
            throw new IllegalArgumentException("checkpoint every " + every + " steps, expected 1 or more");
        }
    }
}

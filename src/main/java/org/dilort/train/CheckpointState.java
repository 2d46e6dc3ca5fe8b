package org.dilort.train;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a checkpoint knows beside the policy.
 *
 * @param best by metric; without the metrics that had no evaluation yet
 */
public record CheckpointState(LoopState progress, RunIdentity run, SortedMap<String, Best> best) {

    public CheckpointState {
        best = Collections.unmodifiableSortedMap(new TreeMap<>(best));
    }

    /** A run before its first step. */
    public static CheckpointState start(RunIdentity run) {
        return new CheckpointState(LoopState.start(), run, new TreeMap<>());
    }
}

package org.dilort.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Runs that differ from one configuration in a few keys.
 *
 * @param name of the file, without its ending
 * @param output folder of them all
 * @param runs at least one, no two of one folder
 */
public record Sweep(String name, Path output, List<Run> runs) {
    public Sweep {
        runs = List.copyOf(runs);
        Require.check(!runs.isEmpty(), "runs", "none", "at least one");
    }

    /**
     * One of them.
     *
     * @param group what it is called in tables and legends, with the seed left out: runs that differ in the seed alone share it
     * @param config complete, with the output folder of this run
     */
    public record Run(String group, Config config) {}
}

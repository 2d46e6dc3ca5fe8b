package org.dilort.report;

import java.nio.file.Path;
import java.util.List;

/**
 * Runs that differ in nothing that matters, such as the seed, and are shown as one curve with a band.
 *
 * @param folders of the runs, at least one
 */
public record RunGroup(String name, List<Path> folders) {
    public RunGroup {
        folders = List.copyOf(folders);
        if (folders.isEmpty()) {
            throw new IllegalArgumentException("group " + name + " has no run");
        }
    }
}

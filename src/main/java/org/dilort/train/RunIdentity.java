package org.dilort.train;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dilort.error.ConfigException;

/**
 * What decides the numbers of a run: configuration keys with dots (seed, head, data, schedule ...) and facts beside
 * them (steps of the schedule, hashes of data and of the reference cache), each as text.
 */
public record RunIdentity(SortedMap<String, String> values) {

    public RunIdentity {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * Checks that this, the identity of a stored run, is that of the run which wants to go on.
     *
     * @throws ConfigException naming every key that differs
     */
    public void requireSame(RunIdentity current, Path where) {
        TreeSet<String> keys = new TreeSet<>(values.keySet());
        keys.addAll(current.values.keySet());
        String differences = keys.stream()
                .filter(key -> !value(key).equals(current.value(key)))
                .map(key -> key + " = " + value(key) + ", now " + current.value(key))
                .collect(Collectors.joining("; "));
        if (!differences.isEmpty()) {
            throw new ConfigException("train.resume: the run in " + where + " was started with " + differences
                    + "; expected the same values, or another output");
        }
    }

    private String value(String key) {
        return values.getOrDefault(key, "(absent)");
    }
}

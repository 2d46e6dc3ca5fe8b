package org.dilort.heads;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of a head that somebody published, for whatever the configuration leaves open.
 *
 * @param heads names of the heads that it is for
 * @param coefficients by name; a head takes those that it has
 * @param source where the settings are from, and the learning rate that went with them
 */
public record HeadPreset(
        String name,
        List<String> heads,
        Variant variant,
        Reduction reduction,
        Map<String, Double> coefficients,
        String source) {
    public HeadPreset {
        heads = List.copyOf(heads);
        coefficients = Map.copyOf(coefficients);
    }

    /** The coefficients that {@code head} has. */
    public Map<String, Double> coefficientsOf(Head head) {
        Map<String, Double> own = new TreeMap<>();
        for (Coefficient coefficient : head.coefficients()) {
            if (coefficients.containsKey(coefficient.name())) {
                own.put(coefficient.name(), coefficients.get(coefficient.name()));
            }
        }
        return own;
    }
}

package org.dilort.config;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One loss. Names of heads, presets and coefficients are not known here; the head registry checks them.
 *
 * @param name a head's name
 * @param weight factor of this loss among several
 * @param preset a named set of values for what is {@code auto}, or {@code none}
 * @param beta scale of the log-ratio, a number &gt; 0 or auto
 * @param expCap cap on the exponent, a number &gt; 0, none or auto
 * @param coefficients every further number of the mapping, sorted by name
 */
public record HeadConfig(
        String name,
        double weight,
        String preset,
        Variant variant,
        Reduction reduction,
        NumberSetting beta,
        NumberSetting expCap,
        SortedMap<String, Double> coefficients)
        implements Section {
    static final String NO_PRESET = "none";

    public HeadConfig {
        coefficients = Collections.unmodifiableSortedMap(new TreeMap<>(coefficients));
        Require.text("name", name);
        Require.positive("weight", weight);
        Require.text("preset", preset);
        Require.positiveOr("beta", beta, NumberSetting.auto());
        Require.positiveOr("exp_cap", expCap, NumberSetting.none(), NumberSetting.auto());
        for (Map.Entry<String, Double> coefficient : coefficients.entrySet()) {
            Require.finite(coefficient.getKey(), coefficient.getValue());
        }
    }

    public boolean hasPreset() {
        return !preset.equals(NO_PRESET);
    }
}

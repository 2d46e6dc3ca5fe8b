package org.dilort.heads;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.ConfigException;

/** A head with its reduction and the values of all its coefficients: everything that makes one loss. */
public record HeadSpec(Head head, Reduction reduction, Map<String, Double> coefficients) {
    public HeadSpec {
        if (!head.reductions().contains(reduction)) {
            throw new ConfigException("head.reduction: got " + reduction.name().toLowerCase(java.util.Locale.ROOT)
                    + ", which head " + head.name() + " does not have");
        }
        Map<String, Double> values = new TreeMap<>();
        for (Coefficient coefficient : head.coefficients()) {
            double value = coefficients.getOrDefault(coefficient.name(), coefficient.defaultValue());
            values.put(coefficient.name(), coefficient.check(value, head.name()));
        }
        for (String name : coefficients.keySet()) {
            if (!values.containsKey(name)) {
                throw new ConfigException("head." + name + ": head " + head.name()
                        + " has no such coefficient, expected " + values.keySet());
            }
        }
        coefficients = Collections.unmodifiableMap(values);
    }

    /** The head as it is by default. */
    public static HeadSpec of(String name) {
        Head head = Heads.named(name);
        return new HeadSpec(head, head.reductions().get(0), Map.of());
    }

    /** Name of the head's file under {@code onnx-graphs/heads/}. */
    public String fileName() {
        return head.name() + reduction.fileSuffix() + ".onnx";
    }
}

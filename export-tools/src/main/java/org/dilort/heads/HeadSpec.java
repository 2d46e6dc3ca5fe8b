package org.dilort.heads;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.ConfigException;

/** A head with its variant, its reduction and the values of all its coefficients: everything that makes one loss. */
public record HeadSpec(Head head, Variant variant, Reduction reduction, Map<String, Double> coefficients) {
    public HeadSpec {
        require("variant", variant, head.variants(), head);
        require("reduction", reduction, head.reductions(), head);
        List<Coefficient> declared = new ArrayList<>(head.coefficients());
        declared.addAll(variant.coefficients());
        Map<String, Double> values = new TreeMap<>();
        for (Coefficient coefficient : declared) {
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

    /** In the head's own variant. */
    public HeadSpec(Head head, Reduction reduction, Map<String, Double> coefficients) {
        this(head, head.variants().get(0), reduction, coefficients);
    }

    /** The head as it is by default. */
    public static HeadSpec of(String name) {
        Head head = Heads.named(name);
        return new HeadSpec(head, head.reductions().get(0), Map.of());
    }

    /** Name of the head's file under {@code onnx-graphs/heads/}. */
    public String fileName() {
        return head.name() + variant.fileSuffix() + reduction.fileSuffix() + ".onnx";
    }

    private static <E extends Enum<E>> void require(String key, E value, List<E> allowed, Head head) {
        if (!allowed.contains(value)) {
            throw new ConfigException("head." + key + ": got " + lower(value) + ", which head " + head.name()
                    + " does not have, expected one of "
                    + allowed.stream().map(HeadSpec::lower).toList());
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

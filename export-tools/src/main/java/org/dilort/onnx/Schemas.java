package org.dilort.onnx;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dilort.error.UnsupportedOperatorException;

/** The table of all operators that a graph here may use. */
final class Schemas {
    private static final Map<String, Schema> TABLE = Stream.of(
                    ElementwiseSchemas.all(), ShapeSchemas.all(), AlgebraSchemas.all(), CodedSchemas.all())
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableMap(schema -> key(schema.domain(), schema.op()), Function.identity()));

    private Schemas() {}

    static Schema find(String domain, String op, String node) {
        String name = key(isOnnx(domain) ? Schema.ONNX : domain, op);
        Schema schema = TABLE.get(name);
        if (schema == null) {
            throw new UnsupportedOperatorException("operator " + name + " is not supported (node " + node + ")");
        }
        return schema;
    }

    static boolean isKnown(String domain, String op) {
        return TABLE.containsKey(key(isOnnx(domain) ? Schema.ONNX : domain, op));
    }

    static boolean isOnnx(String domain) {
        return domain.equals(Schema.ONNX) || domain.equals("ai.onnx");
    }

    private static String key(String domain, String op) {
        return domain.isEmpty() ? op : domain + "::" + op;
    }
}

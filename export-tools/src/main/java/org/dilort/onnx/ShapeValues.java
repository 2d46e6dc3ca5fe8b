package org.dilort.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Which int64 values are known to hold dimensions: constants, {@code Shape}, and what {@code Concat} makes of them. */
final class ShapeValues {
    /** What -1 in a shape constant is read as: a symbol of its own, equal to no size. */
    private static final Dim INFERRED = Dim.of("-1");

    private final Map<String, List<Dim>> known = new HashMap<>();
    private final Map<String, long[]> constants = new HashMap<>();

    static boolean isInferred(Dim dim) {
        return dim.equals(INFERRED);
    }

    Optional<List<Dim>> dims(Value value) {
        return Optional.ofNullable(known.get(value.name()));
    }

    Optional<long[]> constant(Value value) {
        return Optional.ofNullable(constants.get(value.name())).map(long[]::clone);
    }

    void add(Value value, Tensor tensor) {
        if (tensor.dtype() != DType.INT64 || tensor.shape().rank() > 1) {
            return;
        }
        long[] numbers = tensor.toLongs();
        constants.put(value.name(), numbers);
        if (LongStream.of(numbers).anyMatch(number -> number < -1)) {
            return;
        }
        known.put(
                value.name(),
                LongStream.of(numbers)
                        .mapToObj(number -> number < 0 ? INFERRED : Dim.of(number))
                        .toList());
    }

    void add(Value value, Dim dim) {
        known.put(value.name(), List.of(dim));
    }

    void add(Node node) {
        if (node.op().equals("Shape")) {
            List<Dim> all = node.input(0).shape().dims();
            int start = (int) node.integer("start", 0);
            int end = (int) node.integer("end", all.size());
            known.put(node.output(0).name(), List.copyOf(all.subList(start, end)));
        } else if (node.op().equals("Squeeze")
                && known.containsKey(node.input(0).name())) {
            known.put(node.output(0).name(), known.get(node.input(0).name()));
        } else if (node.op().equals("Concat") && node.inputs().stream().allMatch(in -> known.containsKey(in.name()))) {
            List<Dim> joined = new ArrayList<>();
            node.inputs().forEach(input -> joined.addAll(known.get(input.name())));
            known.put(node.output(0).name(), joined);
        }
    }
}

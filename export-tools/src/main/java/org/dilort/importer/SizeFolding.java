package org.dilort.importer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.dilort.importer.Operand.Sizes;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.OnnxNode;
import org.dilort.onnx.Tensor;

/**
 * Carries out operators on integers that are known already. Exporters compute every shape at run time, from the shapes of
 * values; folded, they are the shapes that gradient rules and memory planning need, and their nodes are gone.
 */
final class SizeFolding {
    private static final int MOST = 64;

    /** Empty where the result is not known. */
    private interface Fold {
        Optional<Sizes> of(OnnxNode node, List<Sizes> in);
    }

    private static final Map<String, Fold> TABLE = Map.ofEntries(
            Map.entry("Identity", (node, in) -> Optional.of(in.get(0))),
            Map.entry("Cast", (node, in) -> cast(node, in.get(0))),
            Map.entry("Unsqueeze", (node, in) -> rank(in.get(0), 0, 1)),
            Map.entry("Squeeze", (node, in) -> rank(in.get(0), 1, 0)),
            Map.entry("Reshape", (node, in) -> reshape(in.get(0), in.get(1))),
            Map.entry("Concat", (node, in) -> concat(in)),
            Map.entry("Gather", (node, in) -> gather(in.get(0), in.get(1))),
            Map.entry("Slice", (node, in) -> slice(in)),
            Map.entry("Where", (node, in) -> where(in.get(0), in.get(1), in.get(2))),
            Map.entry("Not", (node, in) -> map(in.get(0), size -> Size.of(size.is(0)))),
            Map.entry("ConstantOfShape", (node, in) -> filled(node, in.get(0))),
            Map.entry("Range", (node, in) -> range(in)));

    private SizeFolding() {}

    static Optional<Sizes> fold(OnnxNode node, List<Sizes> in) {
        SizeMath.Operation operation = SizeMath.TABLE.get(node.op());
        if (operation != null && in.size() == 2) {
            return pairwise(node.op(), operation, in.get(0), in.get(1));
        }
        Fold fold = TABLE.get(node.op());
        return fold == null ? Optional.empty() : fold.of(node, in);
    }

    private static Optional<Sizes> pairwise(String op, SizeMath.Operation operation, Sizes a, Sizes b) {
        List<Size> results = new ArrayList<>();
        int count = Math.max(a.sizes().size(), b.sizes().size());
        for (int i = 0; i < count; i++) {
            Optional<Size> result = operation.of(at(a, i), at(b, i));
            if (result.isEmpty()) {
                return Optional.empty();
            }
            results.add(result.get());
        }
        boolean truth = op.equals("Equal") || op.equals("Less") || op.equals("Greater");
        return Optional.of(new Sizes(results, Math.max(a.rank(), b.rank()), truth ? DType.BOOL : a.dtype()));
    }

    /** An element, of which a single one is every. */
    private static Size at(Sizes sizes, int index) {
        return sizes.sizes().get(sizes.sizes().size() == 1 ? 0 : index);
    }

    private static Optional<Sizes> map(Sizes in, UnaryOperator<Size> function) {
        return in.allNumbers()
                ? Optional.of(new Sizes(in.sizes().stream().map(function).toList(), in.rank(), in.dtype()))
                : Optional.empty();
    }

    private static Optional<Sizes> cast(OnnxNode node, Sizes in) {
        long to = node.integer("to", 0);
        for (DType type : List.of(DType.INT64, DType.INT32)) {
            if (type.onnxNumber() == to) {
                return Optional.of(in.withDType(type));
            }
        }
        return Optional.empty();
    }

    private static Optional<Sizes> rank(Sizes in, int from, int to) {
        return in.rank() == from && in.sizes().size() == 1 ? Optional.of(in.withRank(to)) : Optional.empty();
    }

    private static Optional<Sizes> reshape(Sizes in, Sizes shape) {
        int rank = shape.sizes().size();
        return rank == 1 || rank == 0 && in.sizes().size() == 1 ? Optional.of(in.withRank(rank)) : Optional.empty();
    }

    private static Optional<Sizes> concat(List<Sizes> parts) {
        List<Size> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.sizes()));
        return Optional.of(new Sizes(all, 1, parts.get(0).dtype()));
    }

    private static Optional<Sizes> gather(Sizes in, Sizes indices) {
        if (!indices.allNumbers() || in.rank() != 1) {
            return Optional.empty();
        }
        List<Size> all = in.sizes();
        List<Size> picked = LongStream.of(indices.numbers())
                .mapToObj(index -> all.get((int) (index < 0 ? index + all.size() : index)))
                .toList();
        return Optional.of(new Sizes(picked, indices.rank(), in.dtype()));
    }

    private static Optional<Sizes> slice(List<Sizes> in) {
        Sizes data = in.get(0);
        boolean known = in.subList(1, in.size()).stream().allMatch(Sizes::allNumbers);
        long step = in.size() > 4 && known ? in.get(4).numbers()[0] : 1;
        if (data.rank() != 1 || !known || step != 1) {
            return Optional.empty();
        }
        int size = data.sizes().size();
        int start = within(in.get(1).numbers()[0], size);
        int end = within(in.get(2).numbers()[0], size);
        return Optional.of(new Sizes(data.sizes().subList(start, Math.max(start, end)), 1, data.dtype()));
    }

    private static int within(long position, int size) {
        return (int) Math.max(0, Math.min(position < 0 ? position + size : position, size));
    }

    private static Optional<Sizes> where(Sizes condition, Sizes a, Sizes b) {
        if (!condition.allNumbers()) {
            return Optional.empty();
        }
        int count = Math.max(
                condition.sizes().size(), Math.max(a.sizes().size(), b.sizes().size()));
        List<Size> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(at(condition, i).is(0) ? at(b, i) : at(a, i));
        }
        int rank = Math.max(condition.rank(), Math.max(a.rank(), b.rank()));
        return Optional.of(new Sizes(results, rank, a.dtype()));
    }

    private static Optional<Sizes> filled(OnnxNode node, Sizes shape) {
        boolean vector = shape.sizes().size() == 1 && shape.allNumbers() && shape.numbers()[0] <= MOST;
        if (!vector || !(node.attributes().get("value") instanceof Attribute.TensorValue found)) {
            return Optional.empty();
        }
        Tensor value = found.value();
        if (value.dtype() != DType.INT64) {
            return Optional.empty();
        }
        Size element = Size.of(value.toLongs()[0]);
        List<Size> all = Collections.nCopies((int) shape.numbers()[0], element);
        return Optional.of(Sizes.vector(all));
    }

    private static Optional<Sizes> range(List<Sizes> in) {
        if (!in.stream().allMatch(Sizes::allNumbers)) {
            return Optional.empty();
        }
        long start = in.get(0).numbers()[0];
        long limit = in.get(1).numbers()[0];
        long step = in.get(2).numbers()[0];
        if (step != 1 || limit - start > MOST || limit < start) {
            return Optional.empty();
        }
        return Optional.of(new Sizes(
                LongStream.range(start, limit).mapToObj(Size::of).toList(),
                1,
                in.get(0).dtype()));
    }
}

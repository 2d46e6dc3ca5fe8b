package org.dilort.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.importer.Operand.Built;
import org.dilort.importer.Operand.Past;
import org.dilort.importer.Operand.Sizes;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.OnnxNode;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * How each operator of a file becomes nodes of a graph here: most as they are; those of which ONNX has several forms as
 * the one that graphs here know; shapes and concatenations with an empty cache not at all.
 */
final class NodeForms {

    /** What a node gives, in the order of its outputs. */
    interface Form {
        List<Operand> of(GraphWalk walk, OnnxNode node);
    }

    private static final Map<String, Form> TABLE = Map.ofEntries(
            Map.entry("Identity", (walk, node) -> List.of(walk.operand(node, 0))),
            Map.entry("Dropout", (walk, node) -> List.of(walk.operand(node, 0))),
            Map.entry("Shape", NodeForms::shape),
            Map.entry("Concat", NodeForms::concat),
            Map.entry("Gather", NodeForms::gather),
            Map.entry("MatMul", NodeForms::matMul),
            Map.entry("Gemm", NodeForms::gemm),
            Map.entry("Transpose", NodeForms::transpose),
            Map.entry("Cast", (walk, node) -> plain(walk, node, without(node, "saturate", "round_mode"))),
            Map.entry("Split", NodeForms::split),
            Map.entry("Slice", NodeForms::slice),
            Map.entry("Squeeze", NodeForms::squeeze),
            Map.entry("ReduceMean", NodeForms::reduce),
            Map.entry("ReduceSum", NodeForms::reduce),
            Map.entry("ReduceMax", NodeForms::reduce),
            Map.entry("Pow", NodeForms::pow),
            Map.entry("Clip", NodeForms::clip),
            Map.entry("Gelu", NodeForms::gelu),
            Map.entry("LayerNormalization", NodeForms::layerNormalization));

    private NodeForms() {}

    static boolean isKnown(OnnxNode node) {
        return node.problem().isEmpty()
                && (FusedNodes.TABLE.containsKey(node.operator())
                        || node.domain().isEmpty() && TABLE.containsKey(node.op())
                        || node.isKnown());
    }

    /** Whether it becomes nodes that all have gradient rules, or what it gives is a size. */
    static boolean isOwn(OnnxNode node) {
        return node.domain().isEmpty() && TABLE.containsKey(node.op());
    }

    static List<Operand> apply(GraphWalk walk, OnnxNode node) {
        Form fused = FusedNodes.TABLE.get(node.operator());
        if (fused != null) {
            return fused.of(walk, node);
        }
        Optional<Sizes> folded = walk.folded(node);
        if (folded.isPresent()) {
            return List.of(folded.get());
        }
        Form form = node.domain().isEmpty() ? TABLE.get(node.op()) : null;
        return form == null ? plain(walk, node, node.attributes()) : form.of(walk, node);
    }

    private static List<Operand> plain(GraphWalk walk, OnnxNode node, Map<String, Attribute> attributes) {
        List<Value> operands = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (!GraphWalk.has(node, i)) {
                throw new UnsupportedOperatorException("input " + i + " is left out, which is not supported");
            }
            operands.add(walk.value(node, i));
        }
        return walk.emit(node, operands, attributes);
    }

    private static List<Operand> one(Value value) {
        return List.of(new Built(value));
    }

    private static Map<String, Attribute> without(OnnxNode node, String... names) {
        Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
        List.of(names).forEach(attributes::remove);
        return attributes;
    }

    private static List<Operand> shape(GraphWalk walk, OnnxNode node) {
        List<Size> all = walk.shape(walk.operand(node, 0));
        long start = node.integer("start", 0);
        long end = node.integer("end", all.size());
        int from = (int) Math.max(0, start < 0 ? start + all.size() : start);
        int to = (int) Math.min(all.size(), end < 0 ? end + all.size() : end);
        return List.of(Sizes.vector(all.subList(from, Math.max(from, to))));
    }

    /** Keys and values of no earlier tokens add nothing. */
    private static List<Operand> concat(GraphWalk walk, OnnxNode node) {
        List<Operand> parts = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Operand part = walk.operand(node, i);
            if (!(part instanceof Past)) {
                parts.add(part);
            }
        }
        if (parts.size() == 1) {
            return List.of(parts.get(0));
        }
        return plain(walk, node, node.attributes());
    }

    /** Rows of a table of weights are asked of the weights. */
    private static List<Operand> gather(GraphWalk walk, OnnxNode node) {
        if (!walk.isParameter(node, 0) || node.integer("axis", 0) != 0) {
            return plain(walk, node, node.attributes());
        }
        Ops ops = walk.ops();
        Value indices = ops.cast(walk.value(node, 1), DType.INT64);
        Value flat = ops.reshape(indices, indices.shape().elements());
        Value rows = walk.weights().rows(ops, node.inputs().get(0), flat); // [indices, columns]
        List<Dim> dims = new ArrayList<>(indices.shape().dims());
        dims.add(rows.dim(1));
        return one(ops.reshape(rows, dims.toArray(Dim[]::new)));
    }

    /** A product with a weight is a linear layer over all tokens. */
    private static List<Operand> matMul(GraphWalk walk, OnnxNode node) {
        if (!walk.isParameter(node, 1)) {
            return plain(walk, node, node.attributes());
        }
        Value x = walk.value(node, 0);
        Value y = walk.linear(node.inputs().get(1), walk.flat(x));
        List<Dim> dims = new ArrayList<>(x.shape().dims());
        dims.set(dims.size() - 1, y.dim(1));
        return one(walk.ops().reshape(y, dims.toArray(Dim[]::new)));
    }

    private static List<Operand> gemm(GraphWalk walk, OnnxNode node) {
        boolean unscaled = node.number("alpha", 1) == 1 && node.number("beta", 1) == 1;
        if (!unscaled) {
            return plain(walk, node, node.attributes());
        }
        return plain(walk, node, without(node, "alpha", "beta"));
    }

    private static List<Operand> transpose(GraphWalk walk, OnnxNode node) {
        Value x = walk.value(node, 0);
        if (node.attributes().containsKey("perm")) {
            return plain(walk, node, node.attributes());
        }
        long[] reversed =
                LongStream.range(0, x.rank()).map(axis -> x.rank() - 1 - axis).toArray();
        return one(walk.ops().transpose(x, reversed));
    }

    private static List<Operand> split(GraphWalk walk, OnnxNode node) {
        if (GraphWalk.has(node, 1)) {
            return plain(walk, node, node.attributes());
        }
        Value x = walk.value(node, 0);
        int axis = (int) node.integer("axis", 0);
        long whole = x.dim(axis).value();
        int parts = node.outputs().size();
        long[] sizes = new long[parts];
        long each = (whole + parts - 1) / parts;
        for (int i = 0; i < parts; i++) {
            sizes[i] = Math.min(each, whole - i * each);
        }
        return walk.ops().split(x, axis < 0 ? axis + x.rank() : axis, sizes).stream()
                .<Operand>map(Built::new)
                .toList();
    }

    /** Starts, ends, axes, steps; the last two may be left out. */
    private static List<Operand> slice(GraphWalk walk, OnnxNode node) {
        boolean steps = GraphWalk.has(node, 4);
        if (steps
                && !(walk.operand(node, 4) instanceof Sizes all
                        && all.sizes().stream().allMatch(step -> step.is(1)))) {
            throw new UnsupportedOperatorException("steps other than 1 are not supported");
        }
        Value x = walk.value(node, 0);
        Value starts = walk.value(node, 1);
        Value axes = GraphWalk.has(node, 3)
                ? walk.value(node, 3)
                : walk.ops()
                        .constant(Tensor.int64s(
                                LongStream.range(0, starts.dim(0).value()).toArray()));
        return walk.emit(node, List.of(x, starts, walk.value(node, 2), axes), Map.of());
    }

    private static List<Operand> squeeze(GraphWalk walk, OnnxNode node) {
        if (GraphWalk.has(node, 1)) {
            return plain(walk, node, node.attributes());
        }
        Value x = walk.value(node, 0);
        long[] ones = LongStream.range(0, x.rank())
                .filter(axis -> x.dim((int) axis).isOne())
                .toArray();
        return one(walk.ops().squeeze(x, ones));
    }

    /** Axes were an attribute once. */
    private static List<Operand> reduce(GraphWalk walk, OnnxNode node) {
        if (!(node.attributes().get("axes") instanceof Attribute.IntsValue axes)) {
            return plain(walk, node, without(node, "noop_with_empty_axes"));
        }
        Value list = walk.ops()
                .constant(Tensor.int64s(
                        axes.values().stream().mapToLong(Long::longValue).toArray()));
        return walk.emit(node, List.of(walk.value(node, 0), list), without(node, "axes", "noop_with_empty_axes"));
    }

    private static List<Operand> pow(GraphWalk walk, OnnxNode node) {
        Value base = walk.value(node, 0);
        return one(walk.ops().pow(base, walk.ops().cast(walk.value(node, 1), base.dtype())));
    }

    private static List<Operand> clip(GraphWalk walk, OnnxNode node) {
        Value x = walk.value(node, 0);
        Value above = GraphWalk.has(node, 1) ? walk.ops().max(x, walk.value(node, 1)) : x;
        return one(GraphWalk.has(node, 2) ? walk.ops().min(above, walk.value(node, 2)) : above);
    }

    private static List<Operand> gelu(GraphWalk walk, OnnxNode node) {
        Value x = walk.value(node, 0);
        return one(
                node.text("approximate", "none").equals("tanh")
                        ? walk.ops().fastGelu(x)
                        : walk.ops().gelu(x));
    }

    private static List<Operand> layerNormalization(GraphWalk walk, OnnxNode node) {
        if (GraphWalk.has(node, 2)) {
            return plain(walk, node, node.attributes());
        }
        Value scale = walk.value(node, 1);
        Shape shape = scale.shape();
        Value zeros = walk.ops()
                .constant(Tensor.of(
                        scale.dtype(), shape, new double[(int) shape.elements().value()]));
        return walk.emit(node, List.of(walk.value(node, 0), scale, zeros), node.attributes());
    }
}

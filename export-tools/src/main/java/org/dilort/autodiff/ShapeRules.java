package org.dilort.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/** Gradients of the operators that move elements: each moves the gradient back. */
final class ShapeRules {
    private ShapeRules() {}

    static void addTo(Map<String, Rule> table) {
        for (String op : List.of("Reshape", "Unsqueeze", "Squeeze")) {
            table.put(
                    op, b -> b.to(0, () -> b.ops().reshape(b.dy(), dims(b.in(0).shape()))));
        }
        table.put("Expand", b -> b.to(0, b::dy));
        table.put(
                "Transpose",
                b -> b.to(0, () -> b.ops().transpose(b.dy(), inverse(b.node().integers("perm")))));
        table.put("Concat", ShapeRules::concat);
        table.put("Split", ShapeRules::split);
        table.put("Slice", b -> b.to(0, () -> slice(b)));
        table.put("Gather", b -> b.to(0, () -> gather(b)));
        table.put(
                "GatherElements",
                b -> b.to(0, () -> {
                    Value zeros = b.ops().zerosLike(b.in(0));
                    return b.ops().scatterAdd(zeros, b.in(1), b.dy(), axis(b));
                }));
        table.put("ScatterElements", ShapeRules::scatterElements);
        table.put(
                "TopK",
                b -> b.to(0, () -> {
                    Value zeros = b.ops().zerosLike(b.in(0));
                    return b.ops().scatterAdd(zeros, b.out(1), b.dy(), topKAxis(b));
                }));
    }

    private static Dim[] dims(Shape shape) {
        return shape.dims().toArray(Dim[]::new);
    }

    private static int axis(Backward b) {
        long axis = b.node().integer("axis", 0);
        return (int) (axis < 0 ? axis + b.in(0).rank() : axis);
    }

    private static int topKAxis(Backward b) {
        long axis = b.node().integer("axis", -1);
        return (int) (axis < 0 ? axis + b.in(0).rank() : axis);
    }

    private static long[] inverse(long[] perm) {
        long[] inverse = new long[perm.length];
        for (int i = 0; i < perm.length; i++) {
            inverse[(int) perm[i]] = i;
        }
        return inverse;
    }

    private static void concat(Backward b) {
        int axis = axis(b);
        long[] sizes = b.node().inputs().stream()
                .mapToLong(input -> size(b, input, axis))
                .toArray();
        List<Value> parts = b.ops().split(b.dy(), axis, sizes);
        for (int i = 0; i < parts.size(); i++) {
            Value part = parts.get(i);
            b.to(i, () -> part);
        }
    }

    private static long size(Backward b, Value value, int axis) {
        if (!value.dim(axis).isFixed()) {
            throw new UnsupportedOperatorException("no gradient rule for "
                    + b.node().op() + " along the symbolic dimension " + value.dim(axis) + " in " + b.node());
        }
        return value.dim(axis).value();
    }

    private static void split(Backward b) {
        b.to(0, () -> {
            List<Value> parts = new ArrayList<>();
            for (int i = 0; i < b.node().outputs().size(); i++) {
                parts.add(b.dy(i));
            }
            return b.ops().concat(axis(b), parts.toArray(Value[]::new));
        });
    }

    /** Zeros around the gradient, on the one axis that was cut. */
    private static Value slice(Backward b) {
        Ops ops = b.ops();
        long[] axes = ops.constantOf(b.in(3));
        if (axes.length != 1) {
            throw new UnsupportedOperatorException("no gradient rule for Slice of several axes in " + b.node());
        }
        Shape shape = b.in(0).shape();
        int axis = (int) (axes[0] < 0 ? axes[0] + shape.rank() : axes[0]);
        long size = size(b, b.in(0), axis);
        long start = ops.constantOf(b.in(1))[0];
        long before = Math.max(0, Math.min(start < 0 ? start + size : start, size));
        long after = size - before - b.dy().dim(axis).value();
        List<Value> parts = new ArrayList<>();
        if (before > 0) {
            parts.add(ops.full(shape.with(axis, Dim.of(before)), b.dy().dtype(), 0));
        }
        parts.add(b.dy());
        if (after > 0) {
            parts.add(ops.full(shape.with(axis, Dim.of(after)), b.dy().dtype(), 0));
        }
        return parts.size() == 1 ? parts.get(0) : ops.concat(axis, parts.toArray(Value[]::new));
    }

    /**
     * Adds each gathered slice's gradient to the slice it came from, in the order of the indices: ScatterElements adds
     * one after the other, so equal inputs give equal bits, which GatherGrad does not promise.
     */
    private static Value gather(Backward b) {
        Ops ops = b.ops();
        int axis = axis(b);
        if (axis != 0 && b.in(1).rank() > 1) {
            throw new UnsupportedOperatorException("no gradient rule for Gather with indices of rank "
                    + b.in(1).rank() + " on axis " + axis + " in " + b.node());
        }
        Dim count = b.in(1).shape().elements();
        Shape updated = b.in(0).shape().with(axis, count);
        Value updates = ops.reshape(b.dy(), dims(updated));
        Dim[] alongAxis = updated.dims().stream().map(dim -> Dim.ONE).toArray(Dim[]::new);
        alongAxis[axis] = count;
        Value indices = ops.expand(ops.reshape(b.in(1), alongAxis), updated);
        return ops.scatterAdd(ops.zerosLike(b.in(0)), indices, updates, axis);
    }

    private static void scatterElements(Backward b) {
        if (!b.node().text("reduction", "none").equals("add")) {
            throw new UnsupportedOperatorException(
                    "no gradient rule for ScatterElements without reduction=add in " + b.node());
        }
        b.to(0, b::dy).to(2, () -> b.ops().gatherElements(b.dy(), b.in(1), axis(b)));
    }
}

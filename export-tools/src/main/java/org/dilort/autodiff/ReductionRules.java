package org.dilort.autodiff;

import java.util.Map;
import java.util.stream.LongStream;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/** Gradients of reductions and of the softmax pair. */
final class ReductionRules {
    private ReductionRules() {}

    static void addTo(Map<String, Rule> table, Form form) {
        table.put(
                "ReduceSum",
                b -> b.to(0, () -> b.ops().expand(keepDims(b, b.dy()), b.in(0).shape())));
        table.put(
                "ReduceMean",
                b -> b.to(0, () -> {
                    Value share = b.ops().div(keepDims(b, b.dy()), b.ops().size(reducedCount(b), b.dy().dtype()));
                    return b.ops().expand(share, b.in(0).shape());
                }));
        table.put("ReduceSumSquare", b -> b.to(0, () -> b.ops().mul(b.ops().mul(b.in(0), 2), keepDims(b, b.dy()))));
        table.put("ReduceMax", b -> b.to(0, () -> reduceMax(b)));
        table.put("Softmax", form == Form.PLAIN ? ReductionRules::softmaxPlain : ReductionRules::softmaxContrib);
        table.put("LogSoftmax", ReductionRules::logSoftmax);
    }

    /** The reduced value with its axes back, each of size 1. */
    private static Value keepDims(Backward b, Value reduced) {
        return b.ops().reshape(reduced, keptShape(b).dims().toArray(Dim[]::new));
    }

    private static Shape keptShape(Backward b) {
        Shape shape = b.in(0).shape();
        for (long axis : axes(b)) {
            shape = shape.with((int) axis, Dim.ONE);
        }
        return shape;
    }

    /** The reduced axes, all where the node names none. */
    private static long[] axes(Backward b) {
        boolean given = b.node().inputs().size() == 2;
        return given
                ? b.ops().constantOf(b.in(1))
                : LongStream.range(0, b.in(0).rank()).toArray();
    }

    private static Dim reducedCount(Backward b) {
        return b.in(0).shape().elements().dividedBy(keptShape(b).elements());
    }

    /** The maxima share the gradient evenly. */
    private static Value reduceMax(Backward b) {
        Ops ops = b.ops();
        Value isMax = ops.cast(ops.equal(b.in(0), keepDims(b, b.out(0))), b.dy().dtype());
        Value count = ops.reduceSum(isMax, axes(b));
        return ops.mul(ops.div(keepDims(b, b.dy()), count), isMax);
    }

    /** dx = y (dy - sum(dy y)). */
    private static void softmaxPlain(Backward b) {
        Ops ops = b.ops();
        b.to(0, () -> {
            Value weighted = ops.mul(b.dy(), b.out(0));
            Value sum = ops.reduceSum(weighted, b.node().integer("axis", -1));
            return ops.sub(weighted, ops.mul(b.out(0), sum));
        });
    }

    private static void softmaxContrib(Backward b) {
        b.to(0, () -> b.ops().softmaxGrad(b.dy(), b.out(0), b.node().integer("axis", -1)));
    }

    /** dx = dy - exp(y) sum(dy). */
    private static void logSoftmax(Backward b) {
        Ops ops = b.ops();
        b.to(0, () -> {
            Value sum = ops.reduceSum(b.dy(), b.node().integer("axis", -1));
            return ops.sub(b.dy(), ops.mul(ops.exp(b.out(0)), sum));
        });
    }
}

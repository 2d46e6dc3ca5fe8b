package org.dilort.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Schemas of products, reductions, normalisations, and the operators that only ONNX Runtime has. */
final class AlgebraSchemas {
    private AlgebraSchemas() {}

    static List<Schema> all() {
        List<Schema> schemas = new ArrayList<>();
        schemas.add(new Schema(Schema.ONNX, "MatMul", 2, 2, Set.of(), AlgebraSchemas::matMul));
        schemas.add(new Schema(
                Schema.MICROSOFT, "FusedMatMul", 2, 2, Set.of("transA", "transB", "alpha"), AlgebraSchemas::matMul));
        schemas.add(new Schema(
                Schema.ONNX, "Gemm", 2, 3, Set.of("transA", "transB", "alpha", "beta"), AlgebraSchemas::gemm));
        for (String op : List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceSumSquare")) {
            schemas.add(new Schema(Schema.ONNX, op, 1, 2, Set.of("keepdims"), AlgebraSchemas::reduce));
        }
        schemas.add(new Schema(Schema.ONNX, "CumSum", 2, 2, Set.of(), AlgebraSchemas::cumulativeSum));
        for (String op : List.of("Softmax", "LogSoftmax")) {
            schemas.add(new Schema(Schema.ONNX, op, 1, 1, Set.of("axis"), AlgebraSchemas::normalise));
        }
        schemas.add(new Schema(Schema.MICROSOFT, "SoftmaxGrad_13", 2, 2, Set.of("axis"), AlgebraSchemas::normalise));
        schemas.add(new Schema(
                Schema.ONNX,
                "SimplifiedLayerNormalization",
                2,
                2,
                Set.of("axis", "epsilon", "stash_type"),
                AlgebraSchemas::simplifiedLayerNormalization));
        schemas.add(new Schema(
                Schema.MICROSOFT,
                "SimplifiedLayerNormalizationGrad",
                4,
                4,
                Set.of("axis"),
                call -> List.of(call.type(1), call.type(2))));
        schemas.add(new Schema(
                Schema.ONNX,
                "LayerNormalization",
                3,
                3,
                Set.of("axis", "epsilon", "stash_type"),
                AlgebraSchemas::layerNormalization));
        schemas.add(new Schema(
                Schema.MICROSOFT,
                "LayerNormalizationGrad",
                5,
                5,
                Set.of("axis"),
                call -> List.of(call.type(1), call.type(2), call.type(2))));
        schemas.add(new Schema(
                Schema.MICROSOFT,
                "RotaryEmbedding",
                4,
                4,
                Set.of("interleaved", "num_heads", "rotary_embedding_dim"),
                AlgebraSchemas::rotaryEmbedding));
        schemas.add(new Schema(Schema.MICROSOFT, "InPlaceAccumulatorV2", 2, 3, Set.of(), AlgebraSchemas::accumulate));
        schemas.add(
                new Schema(Schema.MICROSOFT, "ReduceAllL2", 1, Integer.MAX_VALUE, Set.of(), AlgebraSchemas::normOfAll));
        schemas.add(new Schema(
                Schema.MICROSOFT,
                "AdamOptimizer",
                8,
                8,
                Set.of(6, 8),
                Set.of("alpha", "beta", "lambda", "epsilon", "do_bias_correction", "weight_decay_mode"),
                AlgebraSchemas::adam));
        return schemas;
    }

    private static List<TensorType> matMul(Call call) {
        call.requireNumber(0);
        call.requireSameDType(0, 1);
        if (call.in(0).rank() < 2 || call.in(1).rank() < 2) {
            throw call.failure(
                    "ranks " + call.in(0).rank() + " and " + call.in(1).rank() + ", expected at least 2");
        }
        Shape a = transposed(call.shape(0), call.integer("transA", 0));
        Shape b = transposed(call.shape(1), call.integer("transB", 0));
        if (!a.dim(-1).equals(b.dim(-2))) {
            throw call.failure("inner dimensions " + a.dim(-1) + " and " + b.dim(-2) + " differ");
        }
        Shape batch = ElementwiseSchemas.broadcast(
                call, a.with(-1, Dim.ONE).with(-2, Dim.ONE), b.with(-1, Dim.ONE).with(-2, Dim.ONE));
        return List.of(call.type(0).withShape(batch.with(-2, a.dim(-2)).with(-1, b.dim(-1))));
    }

    private static Shape transposed(Shape shape, long transpose) {
        return transpose == 0 ? shape : shape.with(-1, shape.dim(-2)).with(-2, shape.dim(-1));
    }

    private static List<TensorType> gemm(Call call) {
        call.requireRank(0, 2);
        call.requireRank(1, 2);
        TensorType product = matMul(call).get(0);
        if (call.inputs().size() == 3) {
            call.requireSameDType(0, 2);
            Shape broadcast = ElementwiseSchemas.broadcast(call, product.shape(), call.shape(2));
            if (!broadcast.equals(product.shape())) {
                throw call.failure("bias " + call.shape(2) + " does not broadcast to " + product.shape());
            }
        }
        return List.of(product);
    }

    private static List<TensorType> reduce(Call call) {
        call.requireNumber(0);
        int rank = call.in(0).rank();
        boolean keep = call.integer("keepdims", 1) == 1;
        List<Integer> axes = reducedAxes(call, rank);
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (!axes.contains(axis)) {
                dims.add(call.in(0).dim(axis));
            } else if (keep) {
                dims.add(Dim.ONE);
            }
        }
        return List.of(call.type(0).withShape(new Shape(dims)));
    }

    /** All where no axes are given; an empty list of them would mean all or none. */
    private static List<Integer> reducedAxes(Call call, int rank) {
        if (call.inputs().size() == 1) {
            return IntStream.range(0, rank).boxed().toList();
        }
        int[] axes = call.axes(1, rank);
        if (axes.length == 0) {
            throw call.failure("input 1 names no axis");
        }
        return IntStream.of(axes).boxed().toList();
    }

    private static List<TensorType> cumulativeSum(Call call) {
        call.requireNumber(0);
        call.axes(1, call.in(0).rank());
        return List.of(call.type(0));
    }

    private static List<TensorType> normalise(Call call) {
        call.requireFloat(0);
        call.axis(call.integer("axis", -1), call.in(0).rank());
        return List.of(call.type(0));
    }

    private static List<TensorType> simplifiedLayerNormalization(Call call) {
        call.requireFloat(0);
        requireOverLastAxis(call, 1);
        return List.of(call.type(0), oneForEachRow(call));
    }

    /** Gives the mean and the inverse standard deviation beside the result. */
    private static List<TensorType> layerNormalization(Call call) {
        call.requireFloat(0);
        requireOverLastAxis(call, 1);
        requireOverLastAxis(call, 2);
        return List.of(call.type(0), oneForEachRow(call), oneForEachRow(call));
    }

    /** A gain or offset for each element of the last axis. */
    private static void requireOverLastAxis(Call call, int index) {
        call.requireSameDType(0, index);
        call.requireRank(index, 1);
        int last = call.in(0).rank() - 1;
        if (call.axis(call.integer("axis", -1), call.in(0).rank()) != last) {
            throw call.failure("axis " + call.integer("axis", -1) + ", expected the last");
        }
        call.requireDim(index, 0, call.in(0).dim(-1));
    }

    private static List<TensorType> normOfAll(Call call) {
        for (int i = 0; i < call.inputs().size(); i++) {
            call.requireFloat(i);
            call.requireSameDType(0, i);
        }
        return List.of(call.type(0).withShape(Shape.SCALAR));
    }

    private static List<TensorType> adam(Call call) {
        call.requireDType(1, DType.INT64);
        for (int i = 3; i < 6; i++) {
            call.requireSameDType(2, i);
            if (!call.shape(2).equals(call.shape(i))) {
                throw call.failure("weight " + call.shape(2) + " and input " + i + " differ in shape");
            }
        }
        call.requireDType(7, DType.BOOL);
        return List.of(call.type(1), call.type(4), call.type(5), call.type(2));
    }

    private static TensorType oneForEachRow(Call call) {
        return call.type(0).withShape(call.shape(0).with(-1, Dim.ONE));
    }

    private static List<TensorType> rotaryEmbedding(Call call) {
        call.requireDType(1, DType.INT64);
        call.requireRank(1, 2);
        call.requireRank(2, 2);
        if (!call.shape(2).equals(call.shape(3))) {
            throw call.failure("cosine and sine tables differ in shape");
        }
        return List.of(call.type(0));
    }

    private static List<TensorType> accumulate(Call call) {
        call.requireFloat(0);
        call.requireFloat(1);
        if (!call.shape(0).equals(call.shape(1))) {
            throw call.failure("buffer " + call.shape(0) + " and value " + call.shape(1) + " differ in shape");
        }
        if (call.inputs().size() == 3) {
            call.requireDType(2, DType.BOOL);
        }
        return List.of(new TensorType(DType.BOOL, Shape.of(1)), call.type(0));
    }
}

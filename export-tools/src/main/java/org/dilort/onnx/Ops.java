package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** ONNX operators as methods, so that graph code reads like the formula it builds. */
public final class Ops {
    private final GraphBuilder graph;

    public Ops(GraphBuilder graph) {
        this.graph = graph;
    }

    public GraphBuilder graph() {
        return graph;
    }

    public <T> T scope(String scope, Supplier<T> body) {
        return graph.scope(scope, body);
    }

    private Value one(String op, Value... operands) {
        return one(op, Map.of(), operands);
    }

    private Value one(String op, Map<String, Attribute> attributes, Value... operands) {
        return graph.node(Schema.ONNX, op, Arrays.asList(operands), attributes).get(0);
    }

    private Value microsoft(String op, Map<String, Attribute> attributes, Value... operands) {
        return graph.node(Schema.MICROSOFT, op, Arrays.asList(operands), attributes)
                .get(0);
    }

    // Constants

    /** A scalar of the type of {@code like}. */
    public Value scalar(Value like, double value) {
        return graph.constant(Tensor.scalar(like.dtype(), value));
    }

    public Value constant(Tensor tensor) {
        return graph.constant(tensor);
    }

    private Value int64s(long... values) {
        return graph.constant(Tensor.int64s(values));
    }

    /** Filled with {@code value}; the dimensions are read at run time where they are symbolic. */
    public Value full(Shape shape, DType dtype, double value) {
        Attribute filling = Attribute.of(Tensor.of(dtype, Shape.of(1), value));
        return one("ConstantOfShape", Map.of("value", filling), shapeValue(shape.dims()));
    }

    public Value zerosLike(Value value) {
        return full(value.shape(), value.dtype(), 0);
    }

    /** 0, 1, .. up to a dimension, int64. */
    public Value range(Dim limit) {
        Value end = one("Squeeze", graph.dimValue(limit), int64s(0));
        Value zero = graph.constant(Tensor.int64s(Shape.SCALAR, 0));
        Value step = graph.constant(Tensor.int64s(Shape.SCALAR, 1));
        return one("Range", zero, end, step);
    }

    /** The numbers of a constant int64 vector. */
    public long[] constantOf(Value value) {
        return graph.constantOf(value);
    }

    /** A dimension as an int64 {@code [1]}. */
    public Value dimension(Dim dim) {
        return graph.dimValue(dim);
    }

    /** A dimension as a scalar of a float type. */
    public Value size(Dim dim, DType dtype) {
        if (dim.isFixed()) {
            return graph.constant(Tensor.scalar(dtype, dim.value()));
        }
        return cast(squeeze(graph.dimValue(dim), 0), dtype);
    }

    // Element by element

    public Value identity(Value a) {
        return one("Identity", a);
    }

    public Value add(Value a, Value b) {
        return one("Add", a, b);
    }

    public Value add(Value a, double b) {
        return one("Add", a, scalar(a, b));
    }

    /** The sum of any number of values. */
    public Value sum(Value... parts) {
        return one("Sum", parts);
    }

    public Value sub(Value a, Value b) {
        return one("Sub", a, b);
    }

    public Value mul(Value a, Value b) {
        return one("Mul", a, b);
    }

    public Value mul(Value a, double b) {
        return one("Mul", a, scalar(a, b));
    }

    public Value div(Value a, Value b) {
        return one("Div", a, b);
    }

    public Value pow(Value a, Value b) {
        return one("Pow", a, b);
    }

    public Value max(Value a, Value b) {
        return one("Max", a, b);
    }

    public Value min(Value a, Value b) {
        return one("Min", a, b);
    }

    public Value neg(Value a) {
        return one("Neg", a);
    }

    public Value abs(Value a) {
        return one("Abs", a);
    }

    public Value sign(Value a) {
        return one("Sign", a);
    }

    public Value exp(Value a) {
        return one("Exp", a);
    }

    public Value log(Value a) {
        return one("Log", a);
    }

    public Value sqrt(Value a) {
        return one("Sqrt", a);
    }

    public Value reciprocal(Value a) {
        return one("Reciprocal", a);
    }

    public Value sigmoid(Value a) {
        return one("Sigmoid", a);
    }

    public Value tanh(Value a) {
        return one("Tanh", a);
    }

    public Value atanh(Value a) {
        return one("Atanh", a);
    }

    public Value cos(Value a) {
        return one("Cos", a);
    }

    public Value sin(Value a) {
        return one("Sin", a);
    }

    public Value erf(Value a) {
        return one("Erf", a);
    }

    public Value cast(Value a, DType to) {
        return a.dtype() == to ? a : one("Cast", Map.of("to", Attribute.of(to.onnxNumber())), a);
    }

    /**
     * Integer codes times the scale of their block.
     *
     * @param codes INT4 or INT8 {@code [rows, columns]}
     * @param scales {@code [rows, ceil(columns / block)]}
     */
    public Value dequantize(Value codes, Value scales, int block) {
        Map<String, Attribute> blocks = Map.of("axis", Attribute.of(1), "block_size", Attribute.of(block));
        return one("DequantizeLinear", blocks, codes, scales);
    }

    /** x sigmoid(alpha x): alpha 1 is SiLU. */
    public Value quickGelu(Value a, double alpha) {
        return microsoft("QuickGelu", Map.of("alpha", Attribute.of(alpha)), a);
    }

    public Value quickGeluGrad(Value dy, Value x, double alpha) {
        return microsoft("QuickGeluGrad", Map.of("alpha", Attribute.of(alpha)), dy, x);
    }

    /** x Phi(x), Phi the normal distribution's cumulative function. */
    public Value gelu(Value a) {
        return microsoft("Gelu", Map.of(), a);
    }

    public Value geluGrad(Value dy, Value x) {
        return microsoft("GeluGrad", Map.of(), dy, x);
    }

    /** The same with Phi(x) = (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) / 2. */
    public Value fastGelu(Value a) {
        return microsoft("FastGelu", Map.of(), a);
    }

    public Value fastGeluGrad(Value dy, Value x) {
        return microsoft("FastGeluGrad", Map.of(), dy, x);
    }

    // Logic

    public Value equal(Value a, Value b) {
        return one("Equal", a, b);
    }

    public Value greater(Value a, Value b) {
        return one("Greater", a, b);
    }

    public Value lessOrEqual(Value a, Value b) {
        return one("LessOrEqual", a, b);
    }

    public Value and(Value a, Value b) {
        return one("And", a, b);
    }

    public Value or(Value a, Value b) {
        return one("Or", a, b);
    }

    public Value not(Value a) {
        return one("Not", a);
    }

    public Value isNaN(Value a) {
        return one("IsNaN", a);
    }

    public Value isInf(Value a) {
        return one("IsInf", a);
    }

    public Value where(Value condition, Value a, Value b) {
        return one("Where", condition, a, b);
    }

    // Products

    public Value matMul(Value a, Value b) {
        return one("MatMul", a, b);
    }

    /** {@code [m, k] x [n, k] -> [m, n]}: a linear layer with Hugging Face's weight layout. */
    public Value linear(Value x, Value weight) {
        return one("Gemm", Map.of("transB", Attribute.of(1)), x, weight);
    }

    /** A linear layer with a bias {@code [n]}. */
    public Value linear(Value x, Value weight, Value bias) {
        return one("Gemm", Map.of("transB", Attribute.of(1)), x, weight, bias);
    }

    /** {@code [m, k] x [k, n] -> [m, n]}: a linear layer whose weight is stored transposed. */
    public Value product(Value x, Value weight) {
        return one("Gemm", x, weight);
    }

    /** The same with a bias {@code [n]}. */
    public Value product(Value x, Value weight, Value bias) {
        return one("Gemm", x, weight, bias);
    }

    /** {@code [k, m] x [k, n] -> [m, n]}. */
    public Value transposedProduct(Value a, Value b) {
        return one("Gemm", Map.of("transA", Attribute.of(1)), a, b);
    }

    // Reductions and normalisations; the axis stays with size 1

    public Value reduceSum(Value a, long... axes) {
        return one("ReduceSum", a, int64s(axes));
    }

    public Value reduceMean(Value a, long... axes) {
        return one("ReduceMean", a, int64s(axes));
    }

    public Value reduceMax(Value a, long... axes) {
        return one("ReduceMax", a, int64s(axes));
    }

    /** Sum of all elements, a scalar. */
    public Value sumAll(Value a) {
        return one("ReduceSum", Map.of("keepdims", Attribute.of(0)), a);
    }

    /** Sum of all squares, a scalar. */
    public Value sumSquares(Value a) {
        return one("ReduceSumSquare", Map.of("keepdims", Attribute.of(0)), a);
    }

    /** The root of the sum of all squares of all tensors, a scalar; on a CPU it is computed on one thread. */
    public Value normOfAll(Value... tensors) {
        return microsoft("ReduceAllL2", Map.of(), tensors);
    }

    /** Sums of the elements up to and with each one, along an axis. */
    public Value cumulativeSum(Value a, long axis) {
        return one("CumSum", a, int64s(axis));
    }

    /** Sums of squares along axes. */
    public Value sumSquares(Value a, long... axes) {
        return one("ReduceSumSquare", a, int64s(axes));
    }

    public Value softmax(Value a) {
        return one("Softmax", Map.of("axis", Attribute.of(-1)), a);
    }

    public Value softmaxGrad(Value dy, Value y, long axis) {
        return microsoft("SoftmaxGrad_13", Map.of("axis", Attribute.of(axis)), dy, y);
    }

    public Value logSoftmax(Value a) {
        return one("LogSoftmax", Map.of("axis", Attribute.of(-1)), a);
    }

    /** x / rms(x) * scale over the last axis; also gives 1 / rms(x). */
    public Normalised rmsNorm(Value x, Value scale, double epsilon) {
        Map<String, Attribute> attributes =
                Map.of("axis", Attribute.of(-1), "epsilon", Attribute.of(epsilon), "stash_type", Attribute.of(1));
        List<Value> results = graph.node(Schema.ONNX, "SimplifiedLayerNormalization", List.of(x, scale), attributes);
        return new Normalised(results.get(0), results.get(1));
    }

    public record Normalised(Value output, Value inverseRms) {}

    public List<Value> rmsNormGrad(Value dy, Value x, Value scale, Value inverseRms) {
        return graph.node(
                Schema.MICROSOFT,
                "SimplifiedLayerNormalizationGrad",
                List.of(dy, x, scale, inverseRms),
                Map.of("axis", Attribute.of(-1)));
    }

    public List<Value> layerNormGrad(Value dy, Value x, Value scale, Value mean, Value inverseDeviation) {
        return graph.node(
                Schema.MICROSOFT,
                "LayerNormalizationGrad",
                List.of(dy, x, scale, mean, inverseDeviation),
                Map.of("axis", Attribute.of(-1)));
    }

    /**
     * Rotates the halves of each head of {@code x [rows, heads, length, head]} by its position's row of the tables, or
     * those of the head's first dimensions where the tables have fewer.
     */
    public Value rotaryEmbedding(Value x, Value positionIds, Value cos, Value sin) {
        Map<String, Attribute> attributes = new TreeMap<>(Map.of("interleaved", Attribute.of(0)));
        long rotated = 2 * cos.dim(1).value();
        if (rotated < x.dim(3).value()) {
            attributes.put("rotary_embedding_dim", Attribute.of(rotated));
            attributes.put("num_heads", Attribute.of(x.dim(1).value()));
        }
        return microsoft("RotaryEmbedding", attributes, x, positionIds, cos, sin);
    }

    // Moving elements

    /** The int64 vector of dimensions, constant where all are fixed. */
    private Value shapeValue(List<Dim> dims) {
        if (dims.stream().allMatch(Dim::isFixed)) {
            return int64s(dims.stream().mapToLong(Dim::value).toArray());
        }
        Value[] parts = dims.stream().map(graph::dimValue).toArray(Value[]::new);
        return parts.length == 1 ? parts[0] : one("Concat", Map.of("axis", Attribute.of(0)), parts);
    }

    /** Reshape; symbolic dimensions are copied, inferred or read from an input, whichever is first possible. */
    public Value reshape(Value x, Dim... target) {
        Shape wanted = Shape.of(target);
        if (x.shape().equals(wanted)) {
            return x;
        }
        Value reshaped = one("Reshape", x, reshapeTarget(x, wanted));
        if (!reshaped.shape().equals(wanted)) {
            throw new IllegalArgumentException(x + " does not reshape to " + wanted + ", it gives " + reshaped.shape());
        }
        return reshaped;
    }

    private Value reshapeTarget(Value x, Shape wanted) {
        long[] numbers = new long[wanted.rank()];
        List<Integer> unknown = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            if (wanted.dim(i).isFixed()) {
                numbers[i] = wanted.dim(i).value();
            } else if (i >= x.rank() || !wanted.dim(i).equals(x.dim(i))) {
                unknown.add(i);
            }
        }
        if (!unknown.isEmpty()) {
            numbers[unknown.remove(unknown.size() - 1)] = -1;
        }
        if (unknown.isEmpty()) {
            return int64s(numbers);
        }
        Value[] parts = new Value[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            parts[i] = unknown.contains(i) ? graph.dimValue(wanted.dim(i)) : int64s(numbers[i]);
        }
        return one("Concat", Map.of("axis", Attribute.of(0)), parts);
    }

    public Value transpose(Value a, long... perm) {
        return one("Transpose", Map.of("perm", Attribute.ints(perm)), a);
    }

    public Value unsqueeze(Value a, long... axes) {
        return one("Unsqueeze", a, int64s(axes));
    }

    public Value squeeze(Value a, long... axes) {
        return one("Squeeze", a, int64s(axes));
    }

    public Value expand(Value a, Shape shape) {
        return a.shape().equals(shape) ? a : one("Expand", a, shapeValue(shape.dims()));
    }

    public Value concat(int axis, Value... parts) {
        return one("Concat", Map.of("axis", Attribute.of(axis)), parts);
    }

    public List<Value> split(Value a, int axis, long... sizes) {
        return graph.node(Schema.ONNX, "Split", List.of(a, int64s(sizes)), Map.of("axis", Attribute.of(axis)));
    }

    /** Elements {@code start .. end - 1} of one axis; {@link Long#MAX_VALUE} as the end takes the rest. */
    public Value slice(Value a, int axis, long start, long end) {
        if (start == 0 && end == Long.MAX_VALUE) {
            return a;
        }
        return one("Slice", a, int64s(start), int64s(end), int64s(axis));
    }

    public Value gather(Value a, Value indices, int axis) {
        return one("Gather", Map.of("axis", Attribute.of(axis)), a, indices);
    }

    public Value gatherElements(Value a, Value indices, int axis) {
        return one("GatherElements", Map.of("axis", Attribute.of(axis)), a, indices);
    }

    /** Adds updates to a copy of {@code data}, in the order of the indices. */
    public Value scatterAdd(Value data, Value indices, Value updates, int axis) {
        return scatter("add", data, indices, updates, axis);
    }

    /** Lowers the elements of a copy of {@code data} to the updates that are smaller. */
    public Value scatterMin(Value data, Value indices, Value updates, int axis) {
        return scatter("min", data, indices, updates, axis);
    }

    private Value scatter(String reduction, Value data, Value indices, Value updates, int axis) {
        Map<String, Attribute> attributes = Map.of("axis", Attribute.of(axis), "reduction", Attribute.of(reduction));
        return one("ScatterElements", attributes, data, indices, updates);
    }

    /** The smallest element first; of equal elements, the one that stood first. */
    public Value sortAscending(Value a, int axis) {
        Map<String, Attribute> attributes =
                Map.of("axis", Attribute.of(axis), "largest", Attribute.of(0), "sorted", Attribute.of(1));
        return graph.node(Schema.ONNX, "TopK", List.of(a, graph.dimValue(a.dim(axis))), attributes)
                .get(0);
    }

    /** Rows of zeros with a one at each index: {@code [n] -> [n, depth]}. */
    public Value oneHot(Value indices, DType dtype, long depth) {
        Value values = graph.constant(Tensor.of(dtype, Shape.of(2), 0, 1));
        return one("OneHot", Map.of("axis", Attribute.of(-1)), indices, int64s(depth), values);
    }

    // Training

    /** Adds {@code value} to {@code buffer} in place, or overwrites it where {@code overwrite} is true. */
    public Accumulated accumulate(Value buffer, Value value, Value overwrite) {
        return accumulated(List.of(buffer, value, overwrite));
    }

    /** Adds {@code value} to {@code buffer} in place. */
    public Accumulated accumulate(Value buffer, Value value) {
        return accumulated(List.of(buffer, value));
    }

    private Accumulated accumulated(List<Value> operands) {
        List<Value> results = graph.node(Schema.MICROSOFT, "InPlaceAccumulatorV2", operands, Map.of());
        return new Accumulated(results.get(0), results.get(1));
    }

    /**
     * What AdamW moves, in place.
     *
     * @param count int64 {@code [1]}, the number of this update, from 1
     */
    public record AdamState(Value count, Value weight, Value gradient, Value first, Value second) {}

    /**
     * One update of AdamW in one kernel.
     *
     * @param rate scalar
     * @param divisor scalar that the gradient is divided by
     * @param apply bool scalar; where it is false nothing changes
     * @param attributes {@code alpha} and {@code beta}, the decays of the moments; {@code lambda}, the weight decay; {@code
     *     epsilon}
     * @return where it was applied the count of the next update, in the memory of this one's; some output must need it
     */
    public Value adam(Value rate, AdamState state, Value divisor, Value apply, Map<String, Double> attributes) {
        Map<String, Attribute> all = new TreeMap<>();
        attributes.forEach((name, value) -> all.put(name, Attribute.of(value)));
        all.put("do_bias_correction", Attribute.of(1));
        all.put("weight_decay_mode", Attribute.of(0));
        List<Value> operands = List.of(
                rate, state.count(), state.weight(), state.gradient(), state.first(), state.second(), divisor, apply);
        return graph.node(Schema.MICROSOFT, "AdamOptimizer", operands, all).get(0);
    }

    /**
     * What a write in place gives.
     *
     * @param done bool {@code [1]}; some output must need it, else the write is dropped
     * @param updated the buffer after the write
     */
    public record Accumulated(Value done, Value updated) {}
}

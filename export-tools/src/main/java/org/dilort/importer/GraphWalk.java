package org.dilort.importer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dilort.autodiff.Tape;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.importer.Operand.Built;
import org.dilort.importer.Operand.Past;
import org.dilort.importer.Operand.Sizes;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.OnnxNode;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.StoredTensor;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/** Adds a file's nodes to a graph under construction, over its tokens and weights. */
final class GraphWalk {
    private static final int KNOWN_NUMBERS = 64;

    private final DecoderFile decoder;
    private final Tape tape;
    private final Ops ops;
    private final Weights weights;
    private final TokenStream tokens;
    private final Map<String, Operand> values = new HashMap<>();

    GraphWalk(DecoderFile decoder, Tape tape, Weights weights, TokenStream tokens) {
        this.decoder = decoder;
        this.tape = tape;
        this.ops = tape.ops();
        this.weights = weights;
        this.tokens = tokens;
    }

    Tape tape() {
        return tape;
    }

    Ops ops() {
        return ops;
    }

    TokenStream tokens() {
        return tokens;
    }

    Weights weights() {
        return weights;
    }

    /** The value of this name, once all nodes that it needs are there. */
    Value run(String wanted) {
        for (OnnxNode node : decoder.live()) {
            decoder.errors().at(node.toString(), () -> add(node));
        }
        return decoder.errors().at("the hidden states", () -> built(wanted));
    }

    private List<Operand> add(OnnxNode node) {
        List<Operand> results = NodeForms.apply(this, node);
        for (int i = 0; i < node.outputs().size() && i < results.size(); i++) {
            values.put(node.outputs().get(i), results.get(i));
        }
        return results;
    }

    /** Whether the node has this operand. */
    static boolean has(OnnxNode node, int index) {
        return index < node.inputs().size() && !node.inputs().get(index).isEmpty();
    }

    Operand operand(OnnxNode node, int index) {
        return operand(node.inputs().get(index));
    }

    private Operand operand(String name) {
        Operand known = values.get(name);
        if (known == null) {
            known = source(name);
            values.put(name, known);
        }
        return known;
    }

    /** The operand as a value, made a constant or read off other values if it is known already. */
    Value value(OnnxNode node, int index) {
        return built(node.inputs().get(index));
    }

    private Value built(String name) {
        Operand operand = operand(name);
        if (operand instanceof Built value) {
            return value.value();
        }
        if (operand instanceof Past) {
            throw new UnsupportedOperatorException(
                    "reads " + name + " in a way that is not known, expected a concatenation with new keys or values");
        }
        return build((Sizes) operand);
    }

    private Value build(Sizes sizes) {
        if (sizes.allNumbers()) {
            Shape shape =
                    sizes.rank() == 0 ? Shape.SCALAR : Shape.of(sizes.sizes().size());
            double[] numbers = LongStream.of(sizes.numbers()).asDoubleStream().toArray();
            return ops.constant(Tensor.of(sizes.dtype(), shape, numbers));
        }
        Value[] parts = sizes.sizes().stream().map(this::single).toArray(Value[]::new);
        Value vector = parts.length == 1 ? parts[0] : ops.concat(0, parts);
        Value ranked = sizes.rank() == 0 ? ops.squeeze(vector, 0) : vector;
        return ops.cast(ranked, sizes.dtype());
    }

    private Value single(Size size) {
        return size instanceof Size.Number number
                ? ops.constant(Tensor.int64s(number.value()))
                : ops.dimension(((Size.Length) size).dim());
    }

    /** An initializer or input of the file. */
    private Operand source(String name) {
        StoredTensor tensor = decoder.tensors().get(name);
        if (tensor == null) {
            return input(name);
        }
        if (decoder.isParameter(name)) {
            return new Built(weights.get(name));
        }
        Tensor constant = tensor.read();
        boolean integers = constant.dtype() == DType.INT64 || constant.dtype() == DType.INT32;
        long elements = constant.shape().elements().value();
        if (integers && constant.shape().rank() < 2 && elements <= KNOWN_NUMBERS) {
            List<Size> sizes =
                    LongStream.of(constant.toLongs()).mapToObj(Size::of).toList();
            return new Sizes(sizes, constant.shape().rank(), constant.dtype());
        }
        return new Built(ops.constant(constant));
    }

    private Operand input(String name) {
        Value declared = decoder.inputs().get(name);
        if (declared == null) {
            throw new IllegalArgumentException("value " + name + " is no input, constant or earlier result");
        }
        return switch (decoder.role(name)) {
            case INPUT_IDS -> new Built(ops.cast(tokens.inputIds(), declared.dtype()));
            case POSITION_IDS -> new Built(ops.cast(tokens.positionIds(), declared.dtype()));
            case ATTENTION_MASK -> new Built(everyToken(declared.dtype()));
            case PAST -> past(declared);
        };
    }

    /** Padding stands behind the tokens of a row, where no token sees it. */
    private Value everyToken(DType dtype) {
        return ops.full(Shape.of(tokens.rows(), tokens.length()), dtype, 1);
    }

    private Past past(Value declared) {
        List<Size> shape = new ArrayList<>();
        shape.add(Size.of(tokens.rows()));
        IntStream.range(1, declared.rank()).forEach(axis -> shape.add(Size.of(declared.dim(axis))));
        shape.set(2, Size.of(0));
        return new Past(shape);
    }

    /** The first rows of a table of the file, as many as there are positions. */
    Value table(OnnxNode node, int index) {
        String name = node.inputs().get(index);
        StoredTensor stored = decoder.tensors().get(name);
        if (stored == null) {
            return value(node, index);
        }
        return ops.constant(stored.firstRows(tokens.tablePositions()).read());
    }

    boolean isParameter(OnnxNode node, int index) {
        return decoder.isParameter(node.inputs().get(index));
    }

    /** The dimensions of a value, or of what stands for one. */
    List<Size> shape(Operand operand) {
        if (operand instanceof Built built) {
            return built.value().shape().dims().stream().map(Size::of).toList();
        }
        if (operand instanceof Past past) {
            return past.shape();
        }
        Sizes sizes = (Sizes) operand;
        return sizes.rank() == 0 ? List.of() : List.of(Size.of(sizes.sizes().size()));
    }

    /** Adds a node with these operands, as its operator's schema wants it. */
    List<Operand> emit(OnnxNode node, List<Value> operands, Map<String, Attribute> attributes) {
        return ops.scope(
                node.name(),
                () -> ops.graph().node(node.domain(), node.op(), operands, attributes).stream()
                        .<Operand>map(Built::new)
                        .toList());
    }

    Optional<Sizes> folded(OnnxNode node) {
        List<Sizes> known = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (!has(node, i) || !(operand(node, i) instanceof Sizes sizes)) {
                return Optional.empty();
            }
            known.add(sizes);
        }
        return known.isEmpty() ? Optional.empty() : SizeFolding.fold(node, known);
    }

    /** x W, as a linear layer where the weight's name is that of one; a bias is a node of its own. */
    Value linear(String weight, Value x) {
        String end = ".weight";
        String module = weight.endsWith(end) ? weight.substring(0, weight.length() - end.length()) : "";
        return module.isEmpty() || decoder.isParameter(module + ".bias")
                ? ops.product(x, weights.get(weight))
                : weights.linear(ops, module, x);
    }

    /** Flattened to {@code [tokens, last]}. */
    Value flat(Value x) {
        Dim last = x.dim(-1);
        return ops.reshape(x, x.shape().elements().dividedBy(last), last);
    }
}

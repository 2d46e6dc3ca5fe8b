package org.dilort.export;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;
import org.dilort.weights.NamedTensors;

/**
 * Products of bytes: see {@link EightBits}.
 *
 * <pre>
 * codes, scale, zero = DynamicQuantizeLinear(x)
 * product            = Cast(MatMulInteger(codes, Transpose(W), zero, 128)) * (scale * scales)
 * rows               = (Cast(Gather(W, ids)) - 128) * Gather(scales, ids)
 * </pre>
 *
 * <p>ONNX Runtime transposes a stored matrix once, when it loads it, and makes one operator of a product. A table that is looked up
 * and multiplied by, as tied embeddings are, is stored once.
 */
final class EightBitWeights extends CodedWeights {
    private static final TensorType SCALAR = new TensorType(DType.FLOAT, Shape.SCALAR);
    private static final TensorType BYTE = new TensorType(DType.UINT8, Shape.SCALAR);

    EightBitWeights(Graph graph, NamedTensors source, WeightFile file) {
        super(graph, source, file);
    }

    private Value codes(Matrix matrix) {
        return stored(
                matrix.value().name() + "_q8",
                DType.UINT8,
                Shape.of(matrix.out(), matrix.in()),
                EightBits.CODER.codes(rows(matrix)));
    }

    private Value scales(Matrix matrix) {
        return stored(
                matrix.value().name() + "_scales",
                DType.FLOAT,
                Shape.of(matrix.out()),
                EightBits.CODER.scales(rows(matrix)));
    }

    @Override
    Value product(String name, Value x, Matrix matrix) {
        List<Value> coded = once(x.name() + "/dynamic_q8", key -> quantized(key, x));
        Value weight = once(matrix.value().name() + "_q8/transposed", key -> List.of(transposed(key, matrix)))
                .get(0);
        Value zero = constant("q8/zero", Tensor.scalar(DType.UINT8, EightBits.ZERO));
        TensorType result = product(x, matrix);
        Value whole = add(
                name + "/q8",
                "",
                "MatMulInteger",
                List.of(coded.get(0), weight, coded.get(2), zero),
                result.withDType(DType.INT32),
                Attributes.NONE);
        Value numbers = cast(name + "/q8/numbers", whole);
        Value scale = add(
                name + "/q8/scale",
                "",
                "Mul",
                List.of(coded.get(1), scales(matrix)),
                new TensorType(DType.FLOAT, Shape.of(matrix.out())),
                Attributes.NONE);
        return add(name + "/q8/scaled", "", "Mul", List.of(numbers, scale), result, Attributes.NONE);
    }

    private List<Value> quantized(String name, Value x) {
        List<Value> outputs = List.of(
                new Value(name, x.type().withDType(DType.UINT8)),
                new Value(name + "/scale", SCALAR),
                new Value(name + "/zero", BYTE));
        add(new Node(name, "", "DynamicQuantizeLinear", List.of(x), outputs, Map.of()));
        return outputs;
    }

    private Value transposed(String name, Matrix matrix) {
        Value result = new Value(name, new TensorType(DType.UINT8, Shape.of(matrix.in(), matrix.out())));
        add(new Node(
                name,
                "",
                "Transpose",
                List.of(codes(matrix)),
                List.of(result),
                Map.of("perm", new Attribute.IntsValue(List.of(1L, 0L)))));
        return result;
    }

    @Override
    boolean lookUp(Node gather, Matrix table) {
        String name = gather.name();
        Value ids = gather.input(1);
        TensorType rows = gather.output(0).type();
        Value codes = add(
                name + "/q8", "", "Gather", List.of(codes(table), ids), rows.withDType(DType.UINT8), Attributes.NONE);
        Value zero = constant("q8/float_zero", Tensor.scalar(DType.FLOAT, EightBits.ZERO));
        Value centred = add(
                name + "/q8/centred",
                "",
                "Sub",
                List.of(cast(name + "/q8/numbers", codes), zero),
                rows,
                Attributes.NONE);
        Value scale = add(name + "/q8/scale", "", "Gather", List.of(scales(table), ids), ofIds(ids), Attributes.NONE);
        Value axis = constant("q8/last_axis", Tensor.int64s(-1));
        Value column = add(
                name + "/q8/column",
                "",
                "Unsqueeze",
                List.of(scale, axis),
                rows.withShape(rows.shape().with(-1, Dim.ONE)),
                Attributes.NONE);
        add(new Node(name, "", "Mul", List.of(centred, column), gather.outputs(), Map.of()));
        return true;
    }

    private static TensorType ofIds(Value ids) {
        return new TensorType(DType.FLOAT, ids.shape());
    }

    private Value cast(String name, Value value) {
        return add(
                name, "", "Cast", List.of(value), value.type().withDType(DType.FLOAT), Attributes.of(Map.of("to", (long)
                        DType.FLOAT.onnxNumber())));
    }
}

package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.UnsupportedOperatorException;

/** Values of ONNX's protocol buffers as values of this package; what is wrong with one is said without its place. */
final class ProtoDecoder {
    private ProtoDecoder() {}

    static Value declared(OnnxMl.ValueInfoProto proto) {
        OnnxMl.TypeProto.Tensor type = proto.getType().getTensorType();
        List<Dim> dims = new ArrayList<>();
        for (OnnxMl.TensorShapeProto.Dimension dim : type.getShape().getDimList()) {
            boolean unknown = !dim.hasDimValue() && dim.getDimParam().isEmpty();
            String symbol = unknown ? proto.getName() + "." + dims.size() : dim.getDimParam();
            dims.add(dim.hasDimValue() ? Dim.of(dim.getDimValue()) : Dim.parse(symbol));
        }
        return new Value(proto.getName(), new TensorType(DType.ofOnnx(type.getElemType()), new Shape(dims)));
    }

    static Map<String, Attribute> attributes(OnnxMl.NodeProto node) {
        Map<String, Attribute> attributes = new TreeMap<>();
        for (OnnxMl.AttributeProto proto : node.getAttributeList()) {
            if (attributes.put(proto.getName(), attribute(proto)) != null) {
                throw new IllegalArgumentException("attribute " + proto.getName() + " is there twice");
            }
        }
        return attributes;
    }

    private static Attribute attribute(OnnxMl.AttributeProto proto) {
        if (proto.getType() == OnnxMl.AttributeProto.AttributeType.INT) {
            return Attribute.of(proto.getI());
        }
        if (proto.getType() == OnnxMl.AttributeProto.AttributeType.FLOAT) {
            return new Attribute.FloatValue(proto.getF());
        }
        if (proto.getType() == OnnxMl.AttributeProto.AttributeType.STRING) {
            return Attribute.of(proto.getS().toStringUtf8());
        }
        if (proto.getType() == OnnxMl.AttributeProto.AttributeType.INTS) {
            return new Attribute.IntsValue(proto.getIntsList());
        }
        if (proto.getType() == OnnxMl.AttributeProto.AttributeType.TENSOR) {
            return Attribute.of(tensor(proto.getT()));
        }
        throw new UnsupportedOperatorException(
                "attribute " + proto.getName() + " has type " + proto.getType() + ", which is not supported");
    }

    static Tensor tensor(OnnxMl.TensorProto proto) {
        DType dtype = DType.ofOnnx(proto.getDataType());
        Shape shape =
                Shape.of(proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
        if (proto.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            throw new IllegalArgumentException("external data, expected it inside the file");
        }
        if (proto.hasRawData()) {
            return new Tensor(dtype, shape, proto.getRawData().toByteArray());
        }
        return switch (dtype) {
            case FLOAT -> Tensor.of(dtype, shape, doubles(proto.getFloatDataList()));
            case DOUBLE -> Tensor.of(dtype, shape, doubles(proto.getDoubleDataList()));
            case INT8, UINT8, INT32, BOOL -> Tensor.of(dtype, shape, doubles(proto.getInt32DataList()));
            case INT64 ->
                Tensor.int64s(
                        shape,
                        proto.getInt64DataList().stream()
                                .mapToLong(Long::longValue)
                                .toArray());
            case INT4, FLOAT16, BFLOAT16 ->
                throw new IllegalArgumentException("type " + dtype + " outside raw_data, which is not supported");
        };
    }

    /** What a Constant node holds: a tensor, a number or a vector. */
    static Tensor constant(OnnxMl.NodeProto node) {
        Map<String, Attribute> attributes = attributes(node);
        if (node.getInputCount() > 0 || attributes.size() != 1) {
            throw new IllegalArgumentException(node.getInputCount() + " inputs and attributes " + attributes.keySet()
                    + ", expected no input and one attribute");
        }
        String name = attributes.keySet().iterator().next();
        Attribute value = attributes.get(name);
        if (value instanceof Attribute.TensorValue found && name.equals("value")) {
            return found.value();
        }
        if (value instanceof Attribute.FloatValue found && name.equals("value_float")) {
            return Tensor.scalar(DType.FLOAT, found.value());
        }
        if (value instanceof Attribute.IntValue found && name.equals("value_int")) {
            return Tensor.int64s(Shape.SCALAR, found.value());
        }
        if (value instanceof Attribute.IntsValue found && name.equals("value_ints")) {
            return Tensor.int64s(found.toArray());
        }
        throw new UnsupportedOperatorException("attribute " + name + " of a Constant is not supported");
    }

    private static double[] doubles(List<? extends Number> numbers) {
        return numbers.stream().mapToDouble(Number::doubleValue).toArray();
    }
}

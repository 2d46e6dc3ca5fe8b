package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;

/**
 * Copies an ONNX file's graph into a graph under construction, its inputs bound to values: how a loss head, ours or a
 * user's, becomes part of a training graph. Every node passes the same checks as one that our own code makes.
 */
public final class OnnxReader {
    private final String source;
    private final OnnxMl.GraphProto graph;

    private OnnxReader(String source, OnnxMl.GraphProto graph) {
        this.source = source;
        this.graph = graph;
    }

    /** @param source the file's name, for messages */
    public static OnnxReader parse(byte[] model, String source) {
        try {
            OnnxMl.ModelProto proto = OnnxMl.ModelProto.parseFrom(model);
            if (!proto.hasGraph()) {
                throw new FormatException(source + ": no graph in this ONNX file");
            }
            return new OnnxReader(source, proto.getGraph());
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException(source + ": not an ONNX file (" + e.getMessage() + ")", e);
        }
    }

    /** Declared inputs, in order. */
    public List<Value> inputs() {
        return graph.getInputList().stream()
                .filter(input -> graph.getInitializerList().stream()
                        .noneMatch(constant -> constant.getName().equals(input.getName())))
                .map(this::declared)
                .toList();
    }

    public List<String> outputs() {
        return graph.getOutputList().stream()
                .map(OnnxMl.ValueInfoProto::getName)
                .toList();
    }

    /** Constants of the file, such as a head's coefficients. */
    public Map<String, Tensor> constants() {
        Map<String, Tensor> constants = new TreeMap<>();
        graph.getInitializerList().forEach(proto -> constants.put(proto.getName(), tensor(proto)));
        return constants;
    }

    /**
     * Adds the graph's nodes to {@code target}.
     *
     * @param bindings a value for every input
     * @param replacements constants that take the place of the file's, by name
     * @return the outputs by name
     */
    public Map<String, Value> inline(
            GraphBuilder target, Map<String, Value> bindings, Map<String, Tensor> replacements) {
        Map<String, Value> values = new HashMap<>(bindings);
        constants()
                .forEach((name, tensor) -> values.put(name, target.constant(replacements.getOrDefault(name, tensor))));
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            List<Value> operands = new ArrayList<>();
            for (String input : node.getInputList()) {
                operands.add(find(values, input, "node " + node.getName()));
            }
            List<Value> results = target.node(node.getDomain(), node.getOpType(), operands, attributes(node));
            if (node.getOutputCount() > results.size()) {
                throw new FormatException(source + ": node " + node.getName() + " has " + node.getOutputCount()
                        + " outputs, expected at most " + results.size());
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                values.put(node.getOutput(i), results.get(i));
            }
        }
        Map<String, Value> results = new TreeMap<>();
        outputs().forEach(output -> results.put(output, find(values, output, "the outputs")));
        return results;
    }

    private Value find(Map<String, Value> values, String name, String where) {
        Value value = values.get(name);
        if (value == null) {
            throw new FormatException(
                    source + ": value '" + name + "' in " + where + " is no input, constant or earlier result");
        }
        return value;
    }

    private Value declared(OnnxMl.ValueInfoProto proto) {
        OnnxMl.TypeProto.Tensor type = proto.getType().getTensorType();
        List<Dim> dims = new ArrayList<>();
        for (OnnxMl.TensorShapeProto.Dimension dim : type.getShape().getDimList()) {
            dims.add(dim.hasDimValue() ? Dim.of(dim.getDimValue()) : Dim.parse(dim.getDimParam()));
        }
        String where = source + ": input " + proto.getName();
        return new Value(proto.getName(), new TensorType(DType.ofOnnx(type.getElemType(), where), new Shape(dims)));
    }

    private Map<String, Attribute> attributes(OnnxMl.NodeProto node) {
        Map<String, Attribute> attributes = new TreeMap<>();
        for (OnnxMl.AttributeProto proto : node.getAttributeList()) {
            attributes.put(proto.getName(), attribute(proto, node));
        }
        return attributes;
    }

    private Attribute attribute(OnnxMl.AttributeProto proto, OnnxMl.NodeProto node) {
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
        throw new UnsupportedOperatorException(source + ": attribute " + proto.getName() + " of node " + node.getName()
                + " has type " + proto.getType() + ", which is not supported");
    }

    private Tensor tensor(OnnxMl.TensorProto proto) {
        String where = source + ": constant " + proto.getName();
        DType dtype = DType.ofOnnx(proto.getDataType(), where);
        Shape shape =
                Shape.of(proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
        if (proto.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
            throw new FormatException(where + " is external data, expected it inside the file");
        }
        if (proto.hasRawData()) {
            return new Tensor(dtype, shape, proto.getRawData().toByteArray());
        }
        double[] values = switch (dtype) {
            case FLOAT ->
                proto.getFloatDataList().stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray();
            case DOUBLE ->
                proto.getDoubleDataList().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
            case INT64 ->
                proto.getInt64DataList().stream().mapToDouble(Long::doubleValue).toArray();
            case INT32, BOOL ->
                proto.getInt32DataList().stream()
                        .mapToDouble(Integer::doubleValue)
                        .toArray();
            case FLOAT16, BFLOAT16 ->
                throw new FormatException(where + " has type " + dtype + ", which is not supported");
        };
        return Tensor.of(dtype, shape, values);
    }
}

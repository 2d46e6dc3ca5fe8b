package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;

/**
 * Copies an ONNX file's graph into a graph under construction, its inputs bound to values: how a loss head, ours or a
 * user's, becomes part of a training graph. Every node passes the same checks as one that our own code makes; whatever
 * is wrong with the file ends in a {@link FormatException} or an {@link UnsupportedOperatorException} that names the
 * file and the place in it.
 */
public final class OnnxReader {
    /** The opsets in which the operators that graphs here may use mean the same. */
    private static final long FIRST_OPSET = 13;

    private static final long LAST_OPSET = 21;
    private static final int LONGEST_MESSAGE = 500;

    private final String source;
    private final OnnxMl.GraphProto graph;
    private final List<Value> inputs;
    private final Map<String, Tensor> constants = new TreeMap<>();

    private OnnxReader(String source, OnnxMl.ModelProto model) {
        this.source = source;
        this.graph = model.getGraph();
        requireOpset(model);
        for (OnnxMl.TensorProto proto : graph.getInitializerList()) {
            String place = "constant " + proto.getName();
            if (constants.putIfAbsent(proto.getName(), at(place, () -> tensor(proto))) != null) {
                throw failure(place + " is there twice");
            }
        }
        this.inputs = graph.getInputList().stream()
                .filter(input -> !constants.containsKey(input.getName()))
                .map(input -> at("input " + input.getName(), () -> declared(input)))
                .toList();
    }

    /** @param source the file's name, for messages */
    public static OnnxReader parse(byte[] model, String source) {
        try {
            OnnxMl.ModelProto proto = OnnxMl.ModelProto.parseFrom(model);
            if (!proto.hasGraph()) {
                throw new FormatException(source + ": no graph in this ONNX file");
            }
            return new OnnxReader(source, proto);
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException(source + ": not an ONNX file (" + e.getMessage() + ")", e);
        }
    }

    private void requireOpset(OnnxMl.ModelProto model) {
        for (OnnxMl.OperatorSetIdProto opset : model.getOpsetImportList()) {
            if (Schemas.isOnnx(opset.getDomain())) {
                if (opset.getVersion() < FIRST_OPSET || opset.getVersion() > LAST_OPSET) {
                    throw failure("opset " + opset.getVersion() + ", expected " + FIRST_OPSET + " to " + LAST_OPSET);
                }
                return;
            }
        }
        throw failure("no opset, expected " + FIRST_OPSET + " to " + LAST_OPSET);
    }

    /** Declared inputs, in order. */
    public List<Value> inputs() {
        return inputs;
    }

    public List<String> outputs() {
        return graph.getOutputList().stream()
                .map(OnnxMl.ValueInfoProto::getName)
                .toList();
    }

    /** Constants of the file, such as a head's coefficients. */
    public Map<String, Tensor> constants() {
        return new TreeMap<>(constants);
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
        Map<String, Value> values = new HashMap<>();
        inputs.forEach(input -> define(values, input.name(), find(bindings, input.name(), "the inputs"), "the inputs"));
        constants.forEach((name, tensor) ->
                define(values, name, target.constant(replacements.getOrDefault(name, tensor)), "the constants"));
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            add(target, node, values);
        }
        Map<String, Value> results = new TreeMap<>();
        outputs().forEach(output -> results.put(output, find(values, output, "the outputs")));
        return results;
    }

    private void add(GraphBuilder target, OnnxMl.NodeProto node, Map<String, Value> values) {
        String place = "node " + (node.getName().isEmpty() ? node.getOpType() : node.getName());
        List<Value> operands = node.getInputList().stream()
                .map(input -> find(values, input, place))
                .toList();
        List<Value> results =
                at(place, () -> target.node(node.getDomain(), node.getOpType(), operands, attributes(node)));
        if (node.getOutputCount() > results.size()) {
            throw failure(place + " has " + node.getOutputCount() + " outputs, expected at most " + results.size());
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (!node.getOutput(i).isEmpty()) {
                define(values, node.getOutput(i), results.get(i), place);
            }
        }
    }

    private void define(Map<String, Value> values, String name, Value value, String where) {
        if (values.putIfAbsent(name, value) != null) {
            throw failure("value '" + name + "' in " + where + " is there already");
        }
    }

    private Value find(Map<String, Value> values, String name, String where) {
        Value value = values.get(name);
        if (value == null) {
            throw failure("value '" + name + "' in " + where + " is no input, constant or earlier result");
        }
        return value;
    }

    /** What is wrong with a value of the file, said with its place. */
    private <T> T at(String place, Supplier<T> body) {
        try {
            return body.get();
        } catch (UnsupportedOperatorException e) {
            throw new UnsupportedOperatorException(oneLine(place + ": " + e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new FormatException(oneLine(place + ": " + e.getMessage()), e);
        } catch (ArithmeticException e) {
            throw new FormatException(oneLine(place + ": a size is out of range"), e);
        }
    }

    private FormatException failure(String problem) {
        return new FormatException(oneLine(problem));
    }

    /** Names in a file may hold anything. */
    private String oneLine(String problem) {
        String text = (source + ": " + problem).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + " ...";
    }

    private static Value declared(OnnxMl.ValueInfoProto proto) {
        OnnxMl.TypeProto.Tensor type = proto.getType().getTensorType();
        List<Dim> dims = new ArrayList<>();
        for (OnnxMl.TensorShapeProto.Dimension dim : type.getShape().getDimList()) {
            boolean unknown = !dim.hasDimValue() && dim.getDimParam().isEmpty();
            String symbol = unknown ? proto.getName() + "." + dims.size() : dim.getDimParam();
            dims.add(dim.hasDimValue() ? Dim.of(dim.getDimValue()) : Dim.parse(symbol));
        }
        return new Value(proto.getName(), new TensorType(DType.ofOnnx(type.getElemType()), new Shape(dims)));
    }

    private static Map<String, Attribute> attributes(OnnxMl.NodeProto node) {
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

    private static Tensor tensor(OnnxMl.TensorProto proto) {
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
            case INT32, BOOL -> Tensor.of(dtype, shape, doubles(proto.getInt32DataList()));
            case INT64 ->
                Tensor.int64s(
                        shape,
                        proto.getInt64DataList().stream()
                                .mapToLong(Long::longValue)
                                .toArray());
            case FLOAT16, BFLOAT16 ->
                throw new IllegalArgumentException("type " + dtype + " outside raw_data, which is not supported");
        };
    }

    private static double[] doubles(List<? extends Number> numbers) {
        return numbers.stream().mapToDouble(Number::doubleValue).toArray();
    }
}

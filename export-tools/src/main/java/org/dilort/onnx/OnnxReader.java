package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;

/**
 * Copies an ONNX file's graph into a graph under construction, its inputs bound to values: how a loss head, ours or a
 * user's, becomes part of a training graph. Every node passes the same checks as one that our own code makes; whatever
 * is wrong with the file ends in a {@link FormatException} or an {@link UnsupportedOperatorException} that names the
 * file and the place in it.
 */
public final class OnnxReader {
    private static final String CONSTANT = "Constant";

    private final FileErrors errors;
    private final OnnxMl.GraphProto graph;
    private final Map<String, String> metadata = new TreeMap<>();
    private final List<Value> inputs;
    private final Map<String, Tensor> constants = new TreeMap<>();

    private OnnxReader(String source, OnnxMl.ModelProto model) {
        this.errors = new FileErrors(source);
        this.graph = model.getGraph();
        errors.requireOpset(opset(model));
        model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        for (OnnxMl.TensorProto proto : graph.getInitializerList()) {
            String place = "constant " + proto.getName();
            if (constants.putIfAbsent(proto.getName(), errors.at(place, () -> ProtoDecoder.tensor(proto))) != null) {
                throw errors.failure(place + " is there twice");
            }
        }
        this.inputs = graph.getInputList().stream()
                .filter(input -> !constants.containsKey(input.getName()))
                .map(input -> errors.at("input " + input.getName(), () -> ProtoDecoder.declared(input)))
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

    private static long opset(OnnxMl.ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(set -> Schemas.isOnnx(set.getDomain()))
                .mapToLong(OnnxMl.OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(0);
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

    public Map<String, String> metadata() {
        return new TreeMap<>(metadata);
    }

    /** Where in the file each node comes from that {@link #inline} adds, in the order in which it does. */
    public List<String> places() {
        return graph.getNodeList().stream()
                .filter(node -> !isConstant(node))
                .map(OnnxReader::place)
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
     * @param replacements values that take the place of the file's constants, by name
     * @return the outputs by name
     */
    public Map<String, Value> inline(
            GraphBuilder target, Map<String, Value> bindings, Map<String, Value> replacements) {
        Map<String, Value> values = new HashMap<>();
        inputs.forEach(input -> define(values, input.name(), find(bindings, input.name(), "the inputs"), "the inputs"));
        constants.forEach((name, tensor) -> define(
                values,
                name,
                replacements.containsKey(name) ? replacements.get(name) : target.constant(tensor),
                "the constants"));
        for (OnnxMl.NodeProto node : graph.getNodeList()) {
            add(target, node, values);
        }
        Map<String, Value> results = new TreeMap<>();
        outputs().forEach(output -> results.put(output, find(values, output, "the outputs")));
        return results;
    }

    private void add(GraphBuilder target, OnnxMl.NodeProto node, Map<String, Value> values) {
        String place = place(node);
        if (isConstant(node)) {
            define(
                    values,
                    node.getOutput(0),
                    target.constant(errors.at(place, () -> ProtoDecoder.constant(node))),
                    place);
            return;
        }
        errors.at(place, () -> Schemas.find(node.getDomain(), node.getOpType(), nameOf(node)));
        List<Value> operands = node.getInputList().stream()
                .map(input -> find(values, input, place))
                .toList();
        List<Value> results = errors.at(
                place, () -> target.node(node.getDomain(), node.getOpType(), operands, ProtoDecoder.attributes(node)));
        if (node.getOutputCount() > results.size()) {
            throw errors.failure(
                    place + " has " + node.getOutputCount() + " outputs, expected at most " + results.size());
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (!node.getOutput(i).isEmpty()) {
                define(values, node.getOutput(i), results.get(i), place);
            }
        }
    }

    private static String place(OnnxMl.NodeProto node) {
        return "node " + nameOf(node);
    }

    private static String nameOf(OnnxMl.NodeProto node) {
        return node.getName().isEmpty() ? node.getOpType() : node.getName();
    }

    private static boolean isConstant(OnnxMl.NodeProto node) {
        return Schemas.isOnnx(node.getDomain()) && node.getOpType().equals(CONSTANT) && node.getOutputCount() == 1;
    }

    private void define(Map<String, Value> values, String name, Value value, String where) {
        if (values.putIfAbsent(name, value) != null) {
            throw errors.failure("value '" + name + "' in " + where + " is there already");
        }
    }

    private Value find(Map<String, Value> values, String name, String where) {
        Value value = values.get(name);
        if (value == null) {
            throw errors.failure("value '" + name + "' in " + where + " is no input, constant or earlier result");
        }
        return value;
    }
}

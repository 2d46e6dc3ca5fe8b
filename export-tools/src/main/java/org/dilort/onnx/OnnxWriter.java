package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Set;

/** Turns a graph into ONNX bytes: IR 10, opset 18 or, for weights in blocks of few bits, 21; the same graph always into the same bytes. */
public final class OnnxWriter {
    static final long IR_VERSION = 10;
    static final long OPSET = 18;
    private static final long OPSET_OF_BLOCKS = 21;
    private static final String PRODUCER = "dil-ort";

    /** Operators whose type ONNX Runtime must be told. */
    private static final Set<String> NOT_INFERRED = Set.of("ReduceAllL2");

    private OnnxWriter() {}

    public static byte[] toBytes(Graph graph) {
        return toBytes(graph, Map.of());
    }

    /** With metadata, such as a description of the graph's inputs, in the order of the map. */
    public static byte[] toBytes(Graph graph, Map<String, String> metadata) {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(PRODUCER)
                .addOpsetImport(opset(Schema.ONNX, hasBlocks(graph) ? OPSET_OF_BLOCKS : OPSET));
        if (graph.nodes().stream().anyMatch(node -> node.domain().equals(Schema.MICROSOFT))) {
            model.addOpsetImport(opset(Schema.MICROSOFT, 1));
        }
        metadata.forEach((key, value) -> model.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.setGraph(graph(graph)).build().toByteArray();
    }

    private static boolean hasBlocks(Graph graph) {
        return graph.nodes().stream().anyMatch(node -> node.op().equals("DequantizeLinear"));
    }

    private static OnnxMl.OperatorSetIdProto opset(String domain, long version) {
        return OnnxMl.OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(version)
                .build();
    }

    private static OnnxMl.GraphProto graph(Graph graph) {
        OnnxMl.GraphProto.Builder proto = OnnxMl.GraphProto.newBuilder().setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(valueInfo(input)));
        graph.outputs().forEach(output -> proto.addOutput(valueInfo(output)));
        graph.constants().forEach((name, tensor) -> proto.addInitializer(constant(name, tensor)));
        graph.externals().forEach(external -> proto.addInitializer(external(external)));
        graph.nodes().forEach(node -> proto.addNode(node(node)));
        graph.nodes().stream()
                .filter(node -> NOT_INFERRED.contains(node.op()))
                .forEach(node -> proto.addValueInfo(valueInfo(node.output(0))));
        return proto.build();
    }

    private static OnnxMl.ValueInfoProto valueInfo(Value value) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        for (Dim dim : value.shape().dims()) {
            OnnxMl.TensorShapeProto.Dimension.Builder proto = OnnxMl.TensorShapeProto.Dimension.newBuilder();
            shape.addDim(dim.isFixed() ? proto.setDimValue(dim.value()) : proto.setDimParam(dim.toString()));
        }
        OnnxMl.TypeProto.Tensor.Builder tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(value.dtype().onnxNumber())
                .setShape(shape);
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(value.name())
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static OnnxMl.TensorProto constant(String name, Tensor tensor) {
        OnnxMl.TensorProto.Builder proto = tensorType(name, tensor.type());
        return proto.setRawData(ByteString.copyFrom(tensor.bytes())).build();
    }

    private static OnnxMl.TensorProto external(ExternalTensor external) {
        return tensorType(external.value().name(), external.value().type())
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", external.location()))
                .addExternalData(entry("offset", Long.toString(external.offset())))
                .addExternalData(entry("length", Long.toString(external.length())))
                .build();
    }

    static OnnxMl.StringStringEntryProto entry(String key, String value) {
        return OnnxMl.StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value)
                .build();
    }

    private static OnnxMl.TensorProto.Builder tensorType(String name, TensorType type) {
        OnnxMl.TensorProto.Builder proto = OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.dtype().onnxNumber());
        for (long dim : type.shape().toArray()) {
            proto.addDims(dim);
        }
        return proto;
    }

    private static OnnxMl.NodeProto node(Node node) {
        OnnxMl.NodeProto.Builder proto = OnnxMl.NodeProto.newBuilder()
                .setName(node.name())
                .setDomain(node.domain())
                .setOpType(node.op());
        Set<Integer> gaps = Schemas.find(node.domain(), node.op(), node.name()).gaps();
        for (Value input : node.inputs()) {
            while (gaps.contains(proto.getInputCount())) {
                proto.addInput("");
            }
            proto.addInput(input.name());
        }
        node.outputs().forEach(output -> proto.addOutput(output.name()));
        node.attributes().forEach((name, value) -> proto.addAttribute(attribute(name, value)));
        return proto.build();
    }

    private static OnnxMl.AttributeProto attribute(String name, Attribute attribute) {
        OnnxMl.AttributeProto.Builder proto = OnnxMl.AttributeProto.newBuilder().setName(name);
        if (attribute instanceof Attribute.IntValue number) {
            return proto.setType(OnnxMl.AttributeProto.AttributeType.INT)
                    .setI(number.value())
                    .build();
        }
        if (attribute instanceof Attribute.FloatValue number) {
            return proto.setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
                    .setF(number.value())
                    .build();
        }
        if (attribute instanceof Attribute.TextValue text) {
            return proto.setType(OnnxMl.AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(text.value()))
                    .build();
        }
        if (attribute instanceof Attribute.IntsValue numbers) {
            return proto.setType(OnnxMl.AttributeProto.AttributeType.INTS)
                    .addAllInts(numbers.values())
                    .build();
        }
        Attribute.TensorValue tensor = (Attribute.TensorValue) attribute;
        return proto.setType(OnnxMl.AttributeProto.AttributeType.TENSOR)
                .setT(constant("", tensor.value()))
                .build();
    }
}

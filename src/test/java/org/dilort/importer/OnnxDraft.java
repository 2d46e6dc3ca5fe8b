package org.dilort.importer;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.dilort.onnx.DType;

/** An ONNX file as another program would write it, node by node. */
final class OnnxDraft {
    static final String MICROSOFT = "com.microsoft";
    private final OnnxMl.ModelProto.Builder model =
            OnnxMl.ModelProto.newBuilder().setIrVersion(8);
    private final OnnxMl.GraphProto.Builder graph = model.getGraphBuilder().setName("main");
    private int constants;

    OnnxDraft(long opset) {
        model.addOpsetImportBuilder().setVersion(opset);
        model.addOpsetImportBuilder().setDomain(MICROSOFT).setVersion(1);
    }

    OnnxMl.GraphProto.Builder graph() {
        return graph;
    }

    /** Dimensions are numbers or names. */
    OnnxDraft input(String name, DType type, Object... dims) {
        graph.addInput(declared(name, type, dims));
        return this;
    }

    OnnxDraft output(String name, DType type, Object... dims) {
        graph.addOutput(declared(name, type, dims));
        return this;
    }

    private static OnnxMl.ValueInfoProto declared(String name, DType type, Object... dims) {
        OnnxMl.ValueInfoProto.Builder value = OnnxMl.ValueInfoProto.newBuilder().setName(name);
        OnnxMl.TypeProto.Tensor.Builder tensor = value.getTypeBuilder().getTensorTypeBuilder();
        tensor.setElemType(type.onnxNumber());
        for (Object dim : dims) {
            OnnxMl.TensorShapeProto.Dimension.Builder proto =
                    tensor.getShapeBuilder().addDimBuilder();
            if (dim instanceof Number number) {
                proto.setDimValue(number.longValue());
            } else {
                proto.setDimParam(dim.toString());
            }
        }
        return value.build();
    }

    String weights(String name, double[] values, long... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(value -> bytes.putFloat((float) value));
        OnnxMl.TensorProto.Builder proto =
                graph.addInitializerBuilder().setName(name).setDataType(DType.FLOAT.onnxNumber());
        Arrays.stream(dims).forEach(proto::addDims);
        proto.setRawData(ByteString.copyFrom(bytes.array()));
        return name;
    }

    /** A constant vector, under a name of its own. */
    String ints(long... values) {
        return ints(List.of((long) values.length), values);
    }

    String scalar(long value) {
        return ints(List.of(), value);
    }

    private String ints(List<Long> dims, long... values) {
        String name = "const_" + constants++;
        OnnxMl.TensorProto.Builder proto =
                graph.addInitializerBuilder().setName(name).setDataType(DType.INT64.onnxNumber());
        proto.addAllDims(dims);
        Arrays.stream(values).forEach(proto::addInt64Data);
        return name;
    }

    String number(double value) {
        String name = "const_" + constants++;
        graph.addInitializerBuilder()
                .setName(name)
                .setDataType(DType.FLOAT.onnxNumber())
                .addFloatData((float) value);
        return name;
    }

    /** An ONNX node with one output, whose name comes back. */
    String node(String op, List<String> inputs, Object... attributes) {
        return node("", op, inputs, 1, attributes).get(0);
    }

    /** Attributes come as name, value, name, value. */
    List<String> node(String domain, String op, List<String> inputs, int outputs, Object... attributes) {
        String name = op + "_" + graph.getNodeCount();
        OnnxMl.NodeProto.Builder node = graph.addNodeBuilder()
                .setName(name)
                .setOpType(op)
                .setDomain(domain)
                .addAllInput(inputs);
        for (int i = 0; i < outputs; i++) {
            node.addOutput(name + "_output_" + i);
        }
        for (int i = 0; i < attributes.length; i += 2) {
            attribute(node.addAttributeBuilder().setName((String) attributes[i]), attributes[i + 1]);
        }
        return List.copyOf(node.getOutputList());
    }

    private static void attribute(OnnxMl.AttributeProto.Builder proto, Object value) {
        if (value instanceof Integer number) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.INT).setI(number);
        } else if (value instanceof Double number) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.FLOAT).setF(number.floatValue());
        } else if (value instanceof String text) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof Long filling) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.TENSOR)
                    .getTBuilder()
                    .setDataType(DType.INT64.onnxNumber())
                    .addDims(1)
                    .addInt64Data(filling);
        } else {
            proto.setType(OnnxMl.AttributeProto.AttributeType.INTS);
            Arrays.stream((long[]) value).forEach(proto::addInts);
        }
    }

    /** Gives a value another name. */
    void name(String value, String newName) {
        graph.addNodeBuilder()
                .setName("name_" + newName)
                .setOpType("Identity")
                .addInput(value)
                .addOutput(newName);
    }

    Path write(Path file) {
        try {
            return Files.write(file, model.build().toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;

/**
 * The graph of an ONNX file without the bytes of its weights, and where those lie.
 *
 * <p>An ONNX file is a protocol buffer: a {@code ModelProto} with the graph as field 7 and the opsets as field 8; of the
 * graph, field 1 is a node, 5 an initializer, 11 an input and 12 an output. An initializer's numbers are its field 9 in
 * one piece, or lie in another file that field 13 names (location, offset, length), or are listed number by number. Of
 * the first two kinds only the place is taken, so reading takes memory for the nodes alone.
 */
public final class OnnxModelFile {
    /** What a protocol buffer may have. */
    private static final long LARGEST = Integer.MAX_VALUE;

    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET = 8;
    private static final int MODEL_FUNCTION = 25;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int GRAPH_OUTPUT = 12;
    private static final int TENSOR_RAW = 9;

    private final Path path;
    private final FileErrors errors;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final List<OnnxMl.ValueInfoProto> outputs = new ArrayList<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private long opset;

    private OnnxModelFile(Path path) {
        this.path = path;
        this.errors = new FileErrors(path.toString());
    }

    /** @throws FormatException for what is no ONNX file, or is cut off */
    public static OnnxModelFile read(Path path) {
        OnnxModelFile file = new OnnxModelFile(path);
        if (!Files.isRegularFile(path)) {
            throw new FormatException(path + ": no such file");
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            if (Files.size(path) > LARGEST) {
                throw file.errors.failure("more than 2 GiB, which no protocol buffer can have");
            }
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            in.setSizeLimit(Integer.MAX_VALUE);
            file.readModel(in);
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException(path + ": not an ONNX file (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read", e);
        }
        file.requireGraph();
        return file;
    }

    /** For messages about this file. */
    public FileErrors errors() {
        return errors;
    }

    public Path path() {
        return path;
    }

    /** In the order of the file, which is that of computation; without {@code Constant}. */
    public List<OnnxNode> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    /** What a caller must give, by name. */
    public Map<String, Value> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    public List<String> outputs() {
        return outputs.stream().map(OnnxMl.ValueInfoProto::getName).toList();
    }

    /** The outputs with their types, which some exporters leave out: then this fails. */
    public List<Value> declaredOutputs() {
        return outputs.stream()
                .map(proto -> errors.at("output " + proto.getName(), () -> ProtoDecoder.declared(proto)))
                .toList();
    }

    /** Initializers and constants by name. */
    public Map<String, StoredTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** One that is there. */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + path);
        }
        return tensor;
    }

    private void requireGraph() {
        if (outputs.isEmpty()) {
            throw errors.failure("no graph with outputs in this file");
        }
        errors.requireOpset(opset);
        tensors.keySet().forEach(inputs::remove);
    }

    private void readModel(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case MODEL_GRAPH -> {
                    int limit = in.pushLimit(in.readRawVarint32());
                    readGraph(in);
                    in.popLimit(limit);
                }
                case MODEL_OPSET -> {
                    OnnxMl.OperatorSetIdProto set = OnnxMl.OperatorSetIdProto.parseFrom(in.readByteArray());
                    opset = Schemas.isOnnx(set.getDomain()) ? set.getVersion() : opset;
                }
                case MODEL_FUNCTION ->
                    throw new UnsupportedOperatorException(
                            path + ": functions of the model's own, expected operators alone");
                default -> in.skipField(tag);
            }
        }
    }

    private void readGraph(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case GRAPH_NODE -> add(OnnxMl.NodeProto.parseFrom(in.readByteArray()));
                case GRAPH_INITIALIZER -> readTensor(in);
                case GRAPH_INPUT -> {
                    OnnxMl.ValueInfoProto proto = OnnxMl.ValueInfoProto.parseFrom(in.readByteArray());
                    inputs.put(
                            proto.getName(), errors.at("input " + proto.getName(), () -> ProtoDecoder.declared(proto)));
                }
                case GRAPH_OUTPUT -> outputs.add(OnnxMl.ValueInfoProto.parseFrom(in.readByteArray()));
                default -> in.skipField(tag);
            }
        }
    }

    private void add(OnnxMl.NodeProto proto) {
        String name = proto.getName().isEmpty() ? proto.getOpType() : proto.getName();
        String domain = Schemas.isOnnx(proto.getDomain()) ? "" : proto.getDomain();
        if (domain.isEmpty() && proto.getOpType().equals("Constant") && proto.getOutputCount() == 1) {
            Tensor value = errors.at("node " + name, () -> ProtoDecoder.constant(proto));
            put(proto.getOutput(0), new StoredTensor.Held(value));
            return;
        }
        Map<String, Attribute> attributes = Map.of();
        String problem = "";
        try {
            attributes = ProtoDecoder.attributes(proto);
        } catch (UnsupportedOperatorException | IllegalArgumentException e) {
            problem = e.getMessage();
        }
        nodes.add(new OnnxNode(
                name, domain, proto.getOpType(), proto.getInputList(), proto.getOutputList(), attributes, problem));
    }

    /** The header of an initializer, with its numbers where they are not in one piece. */
    private void readTensor(CodedInputStream in) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        UnknownFieldSet.Builder header = UnknownFieldSet.newBuilder();
        long offset = -1;
        int bytes = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != TENSOR_RAW) {
                header.mergeFieldFrom(tag, in);
                continue;
            }
            bytes = in.readRawVarint32();
            offset = in.getTotalBytesRead();
            in.skipRawBytes(bytes);
        }
        in.popLimit(limit);
        OnnxMl.TensorProto proto = OnnxMl.TensorProto.parseFrom(header.build().toByteString());
        put(proto.getName(), stored(proto, offset, bytes));
    }

    private StoredTensor stored(OnnxMl.TensorProto proto, long offset, long bytes) {
        return errors.at("constant " + proto.getName(), () -> {
            if (proto.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
                return external(proto);
            }
            return offset < 0
                    ? new StoredTensor.Held(ProtoDecoder.tensor(proto))
                    : new StoredTensor.InFile(type(proto), path, offset, bytes);
        });
    }

    private StoredTensor external(OnnxMl.TensorProto proto) {
        TensorType type = type(proto);
        String location = "";
        long offset = 0;
        long length = type.dtype().bytesOf(type.shape().elements().value());
        for (OnnxMl.StringStringEntryProto entry : proto.getExternalDataList()) {
            switch (entry.getKey()) {
                case "location" -> location = entry.getValue();
                case "offset" -> offset = Long.parseLong(entry.getValue());
                case "length" -> length = Long.parseLong(entry.getValue());
                default -> {}
            }
        }
        Path folder = path.toAbsolutePath().getParent();
        Path file = folder.resolve(location).normalize();
        if (location.isEmpty() || !file.startsWith(folder)) {
            throw new IllegalArgumentException(
                    "external data in \"" + location + "\", expected a file in the model's folder");
        }
        return new StoredTensor.InFile(type, file, offset, length);
    }

    private static TensorType type(OnnxMl.TensorProto proto) {
        return new TensorType(
                DType.ofOnnx(proto.getDataType()),
                Shape.of(proto.getDimsList().stream().mapToLong(Long::longValue).toArray()));
    }

    private void put(String name, StoredTensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw errors.failure("constant " + name + " is there twice");
        }
    }
}

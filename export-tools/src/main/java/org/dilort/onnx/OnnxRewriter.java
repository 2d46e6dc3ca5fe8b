package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX file as it is, but for where some of its tensors lie: these, and all that lay in other files, get places in one
 * new file. Nodes, names and metadata stay as they are.
 */
public final class OnnxRewriter {
    private static final int ALIGNMENT = 64;
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int TENSOR_RAW = 9;

    private final OnnxModelFile source;
    private final Set<String> moved;
    private final String dataFile;
    private final Map<String, Long> places = new LinkedHashMap<>();
    private long end;

    private OnnxRewriter(OnnxModelFile source, Set<String> moved, String dataFile) {
        this.source = source;
        this.moved = moved;
        this.dataFile = dataFile;
    }

    /**
     * @param model the bytes of the file
     * @param offsets of every tensor in the new file, by name, in its order
     */
    public record Rewritten(byte[] model, Map<String, Long> offsets) {
        public Rewritten {
            model = model.clone();
            offsets = new LinkedHashMap<>(offsets);
        }
    }

    /** @param moved names of tensors that get new places */
    public static Rewritten rewrite(OnnxModelFile source, Set<String> moved, String dataFile) {
        OnnxRewriter rewriter = new OnnxRewriter(source, moved, dataFile);
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(source.path()), 1 << 16)) {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            in.setSizeLimit(Integer.MAX_VALUE);
            return new Rewritten(rewriter.model(in), rewriter.places);
        } catch (IOException e) {
            throw new UncheckedIOException(source.path() + ": cannot be read", e);
        }
    }

    private byte[] model(CodedInputStream in) throws IOException {
        return copy(in, MODEL_GRAPH, this::graph);
    }

    private byte[] graph(CodedInputStream in) throws IOException {
        return copy(in, GRAPH_INITIALIZER, this::tensor);
    }

    /** Makes a message anew from one that ends where the input's limit is. */
    private interface Change {
        byte[] of(CodedInputStream in) throws IOException;
    }

    /** Copies a message with one of its fields, itself a message, changed. */
    private static byte[] copy(CodedInputStream in, int changed, Change change) throws IOException {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        UnknownFieldSet.Field.Builder made = UnknownFieldSet.Field.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != changed) {
                fields.mergeFieldFrom(tag, in);
                continue;
            }
            int limit = in.pushLimit(in.readRawVarint32());
            made.addLengthDelimited(ByteString.copyFrom(change.of(in)));
            in.popLimit(limit);
        }
        return fields.addField(changed, made.build()).build().toByteArray();
    }

    private byte[] tensor(CodedInputStream in) throws IOException {
        UnknownFieldSet.Builder header = UnknownFieldSet.newBuilder();
        boolean raw = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == TENSOR_RAW) {
                in.skipRawBytes(in.readRawVarint32());
                raw = true;
            } else {
                header.mergeFieldFrom(tag, in);
            }
        }
        OnnxMl.TensorProto.Builder proto =
                OnnxMl.TensorProto.parseFrom(header.build().toByteString()).toBuilder();
        StoredTensor stored = source.tensor(proto.getName());
        boolean external = proto.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL;
        if (external || moved.contains(proto.getName())) {
            return placed(proto, stored).build().toByteArray();
        }
        if (raw) {
            proto.setRawData(ByteString.copyFrom(stored.read().bytes()));
        }
        return proto.build().toByteArray();
    }

    private OnnxMl.TensorProto.Builder placed(OnnxMl.TensorProto.Builder proto, StoredTensor stored) {
        long bytes =
                stored.type().dtype().bytesOf(stored.type().shape().elements().value());
        long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        end = offset + bytes;
        places.put(proto.getName(), offset);
        return proto.clearFloatData()
                .clearExternalData()
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(OnnxWriter.entry("location", dataFile))
                .addExternalData(OnnxWriter.entry("offset", Long.toString(offset)))
                .addExternalData(OnnxWriter.entry("length", Long.toString(bytes)));
    }
}

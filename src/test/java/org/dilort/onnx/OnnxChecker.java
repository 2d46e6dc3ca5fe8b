package org.dilort.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Assumptions;

/**
 * ONNX's own checker with shape inference, where its native library is at hand. It knows nothing of ONNX Runtime's
 * operators; those pass unchecked.
 */
public final class OnnxChecker {
    private OnnxChecker() {}

    /** Throws with the checker's words if it refuses the file. */
    public static void check(Path model) {
        if (System.getProperty("org.bytedeco.javacpp.cachedir") == null) {
            System.setProperty(
                    "org.bytedeco.javacpp.cachedir",
                    Path.of("target/native-cache/javacpp").toString());
        }
        Assumptions.assumeTrue(
                Loader.getPlatform().equals("linux-x86_64"), "the ONNX checker's library is for linux-x86_64");
        onnx.check_model(model.toString(), true, false, false);
    }

    /** Writes a model into {@code folder}, beside what its external tensors name, and checks it. */
    public static void check(byte[] model, Path folder) {
        try {
            check(Files.write(folder.resolve("checked.onnx"), withDomainOfRuntime(model)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ONNX Runtime keeps SimplifiedLayerNormalization in ONNX's domain, where the standard does not have it. */
    private static byte[] withDomainOfRuntime(byte[] model) throws InvalidProtocolBufferException {
        OnnxMl.ModelProto.Builder proto = OnnxMl.ModelProto.parseFrom(model).toBuilder();
        for (OnnxMl.NodeProto.Builder node : proto.getGraphBuilder().getNodeBuilderList()) {
            if (node.getOpType().equals("SimplifiedLayerNormalization")) {
                node.setDomain(Schema.MICROSOFT);
            }
        }
        return proto.build().toByteArray();
    }
}

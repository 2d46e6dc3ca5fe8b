package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dilort.runtime.OrtNatives;
import org.dilort.weights.FloatSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime opens what is written here, and what it saves is read back. */
class CheckpointOrtTest {
    private static final int FLOAT = 1;
    private static final int BOOL = 9;
    private static final List<Long> SHAPE = List.of(2L, 3L);

    private final OrtEnvironment environment = OrtNatives.environment();

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.write(
                folder.resolve("training_model.onnx"), trainingModel().toByteArray());
    }

    @Test
    void trainsFromACheckpointAndSavesOneThatIsReadBack() throws OrtException, IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Path third = folder.resolve("third");
        write(first);
        try (OrtTrainingSession session = open(first)) {
            assertThat(loss(session, 1)).isEqualTo(2 * 21 + 100);
            assertThat(loss(session, 10)).isEqualTo(2 * 210 + 100);
            session.saveCheckpoint(second, false);
        }
        try (CheckpointReader reader = CheckpointReader.open(second)) {
            assertThat(reader.names(CheckpointRole.TRAINABLE)).isEmpty();
            assertThat(reader.names(CheckpointRole.FROZEN)).containsExactlyInAnyOrder("w", "w.grad", "bias", "unused");
            assertThat(reader.info("w").shape()).isEqualTo(SHAPE);
            assertThat(reader.info("w").file()).isEqualTo(folder.resolve("second.data"));
            assertThat(reader.toArray("w")).containsOnly(2);
            assertThat(reader.toArray("w.grad")).containsExactly(11, 22, 33, 44, 55, 66);
            assertThat(reader.toArray("bias")).containsExactly(100);
        }
        try (OrtTrainingSession session = open(second)) {
            session.saveCheckpoint(third, false);
        }
        assertThat(third).hasSameBinaryContentAs(second);
        assertThat(folder.resolve("third.data")).hasSameBinaryContentAs(folder.resolve("second.data"));
    }

    private static void write(Path file) {
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.add(CheckpointRole.FROZEN, "w", SHAPE, FloatSource.of(new float[] {2, 2, 2, 2, 2, 2}))
                    .addZeros(CheckpointRole.FROZEN, "w.grad", SHAPE)
                    .add(CheckpointRole.FROZEN, "bias", List.of(), FloatSource.of(new float[] {100}))
                    .addZeros(CheckpointRole.FROZEN, "unused", List.of(5L))
                    .finish();
        }
    }

    private OrtTrainingSession open(Path checkpoint) throws OrtException {
        return environment.createTrainingSession(checkpoint.toString(), model.toString(), null, null);
    }

    /** One step with x = scale * (1, 2, ..., 6). */
    private float loss(OrtTrainingSession session, float scale) throws OrtException {
        float[] x = {scale, 2 * scale, 3 * scale, 4 * scale, 5 * scale, 6 * scale};
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {2, 3});
                OrtSession.Result outputs = session.trainStep(Map.of("x", tensor))) {
            return ((OnnxTensor) outputs.get(0)).getFloatBuffer().get(0);
        }
    }

    /** loss = sum(w * x) + bias, and w.grad += x. */
    private static ModelProto trainingModel() {
        GraphProto graph = GraphProto.newBuilder()
                .setName("training")
                .addInput(value("x", FLOAT, 2, 3))
                .addInput(value("w", FLOAT, 2, 3))
                .addInput(value("w.grad", FLOAT, 2, 3))
                .addInput(value("bias", FLOAT))
                .addInput(value("unused", FLOAT, 5))
                .addInput(value("lazy_reset_grad", BOOL, 1))
                .addNode(node("", "Mul", List.of("w", "x"), "product"))
                .addNode(node("", "ReduceSum", List.of("product"), "sum"))
                .addNode(node("", "Add", List.of("sum", "bias"), "loss"))
                .addNode(node(
                        "com.microsoft",
                        "InPlaceAccumulatorV2",
                        List.of("w.grad", "x", "lazy_reset_grad"),
                        "w.grad.done"))
                .addOutput(value("loss", FLOAT, 1, 1))
                .addOutput(value("w.grad.done", BOOL, 1))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(10)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(21))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .setGraph(graph)
                .build();
    }

    private static NodeProto node(String domain, String operator, List<String> inputs, String output) {
        return NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(output)
                .build();
    }

    private static ValueInfoProto value(String name, int type, long... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (long dim : shape) {
            dims.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(dims)))
                .build();
    }
}

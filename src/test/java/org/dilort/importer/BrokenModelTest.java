package org.dilort.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnx.proto.OnnxMl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.autodiff.Form;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.error.UserException;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A file that is no decoder, or one that cannot be trained, ends in one line that names it and what is wrong. */
class BrokenModelTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);
    private static final int CASES = Integer.getInteger("dil.fuzz", 400);

    @TempDir
    private Path temp;

    /** logits = tanh(table[input_ids] + gain) head. */
    private static OnnxDraft decoder() {
        OnnxDraft draft = new OnnxDraft(17);
        draft.input("input_ids", DType.INT64, "batch_size", "sequence_length");
        draft.output("logits", DType.FLOAT, "batch_size", "sequence_length", 5);
        String rows = draft.node("Gather", List.of(draft.weights("table", new double[20], 5, 4), "input_ids"));
        String sum = draft.node("Add", List.of(rows, draft.weights("gain", new double[4], 4)));
        String hidden = draft.node("Tanh", List.of(sum));
        draft.name(draft.node("MatMul", List.of(hidden, draft.weights("head", new double[20], 4, 5))), "logits");
        return draft;
    }

    /** Reads the file and writes a training graph. */
    private static void train(Path file) {
        ImportedModel model = ImportedModel.read(file);
        model.openWeights().close();
        GraphOptions options = new GraphOptions(DType.FLOAT, Form.PLAIN, Chunks.WHOLE, 64);
        TrainingGraph.withGradientOutputs(model, Objective.of(HeadSpec.of("sft")), options);
    }

    private DynamicTest refused(
            Class<? extends UserException> kind, String message, Consumer<OnnxMl.GraphProto.Builder> damage) {
        return dynamicTest(message, () -> {
            OnnxDraft draft = decoder();
            damage.accept(draft.graph());
            Path file = draft.write(temp.resolve("decoder.onnx"));
            assertThatThrownBy(() -> train(file))
                    .isExactlyInstanceOf(kind)
                    .hasMessageStartingWith(file + ": " + message)
                    .hasMessageNotContaining("\n");
        });
    }

    @Test
    void theUndamagedModelIsFine() {
        Path file = decoder().write(temp.resolve("decoder.onnx"));
        train(file);
        assertThat(ImportedModel.read(file).parameters()).hasSize(3);
    }

    @TestFactory
    Stream<DynamicTest> damagedGraphs() {
        return Stream.of(
                refused(
                        FormatException.class,
                        "outputs [scores], expected one that is called logits",
                        graph -> graph.getOutputBuilder(0).setName("scores")),
                refused(
                        FormatException.class,
                        "logits come from node Tanh_2 (Tanh), and expected a product without a bias",
                        graph -> graph.getNodeBuilder(4)
                                .setInput(0, graph.getNode(2).getOutput(0))),
                refused(
                        FormatException.class,
                        "logits come from node MatMul_3 (MatMul) with Tanh_2_output_0, and expected a matrix",
                        graph -> graph.getNodeBuilder(3)
                                .setInput(1, graph.getNode(2).getOutput(0))),
                refused(
                        FormatException.class,
                        "weight gain is FLOAT16, expected FLOAT",
                        graph -> graph.getInitializerBuilder(1)
                                .setDataType(DType.FLOAT16.onnxNumber())
                                .clearDims()
                                .addDims(8)),
                refused(
                        FormatException.class,
                        "input ids, expected input_ids, position_ids, attention_mask and past",
                        graph -> {
                            graph.getInputBuilder(0).setName("ids");
                            graph.getNodeBuilder(0).setInput(1, "ids");
                        }),
                refused(
                        FormatException.class,
                        "node Add_1 (Add): value nothing is no input, constant or earlier result",
                        graph -> graph.getNodeBuilder(1).setInput(1, "nothing")),
                refused(
                        FormatException.class,
                        "constant gain is there twice",
                        graph -> graph.addInitializer(graph.getInitializer(1))),
                refused(
                        FormatException.class,
                        "constant gain: ",
                        graph -> graph.getInitializerBuilder(1).clearDims().addDims(3)),
                refused(
                        FormatException.class,
                        "node Add_1 (Add): ",
                        graph -> graph.getInitializerBuilder(1)
                                .clearDims()
                                .addDims(2)
                                .addDims(2)),
                refused(
                        UnsupportedOperatorException.class,
                        "cannot be trained through If (not known) in Add_1; Round (not known) in Tanh_2",
                        graph -> {
                            graph.getNodeBuilder(1).setOpType("If");
                            graph.getNodeBuilder(2).setOpType("Round");
                        }),
                refused(
                        UnsupportedOperatorException.class,
                        "cannot be trained through Sign (no gradient) in Tanh_2",
                        graph -> graph.getNodeBuilder(2).setOpType("Sign")),
                refused(
                        FormatException.class,
                        "constant gain: external data in \"../gain\", expected a file in the model's folder",
                        graph -> external(graph, "../gain")));
    }

    private static void external(OnnxMl.GraphProto.Builder graph, String location) {
        graph.getInitializerBuilder(1)
                .clearRawData()
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(OnnxMl.StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue(location));
    }

    @Test
    void manyNodesOfAnOperatorAreCounted() {
        OnnxDraft draft = decoder();
        OnnxMl.GraphProto.Builder graph = draft.graph();
        for (int i = 0; i < 5; i++) {
            graph.addNode(
                    4 - 1,
                    OnnxMl.NodeProto.newBuilder()
                            .setName("quantised_" + i)
                            .setDomain(OnnxDraft.MICROSOFT)
                            .setOpType("MatMulFpQ4")
                            .addInput(graph.getNode(2).getOutput(0))
                            .addOutput("unused_" + i));
        }
        graph.addNode(
                8,
                graph.getNode(3).toBuilder()
                        .setName("sum")
                        .setOpType("Sum")
                        .clearInput()
                        .addAllInput(List.of("unused_0", "unused_1", "unused_2", "unused_3", "unused_4"))
                        .clearOutput()
                        .addOutput("all")
                        .setDomain("")
                        .build());
        graph.getNodeBuilder(9).setInput(0, "all");
        Path file = draft.write(temp.resolve("decoder.onnx"));
        assertThatThrownBy(() -> train(file))
                .hasMessageContaining("com.microsoft::MatMulFpQ4 (not known) in quantised_4, quantised_3, quantised_2")
                .hasMessageEndingWith(" and 2 more");
    }

    @Test
    void externalDataThatIsGoneOrShort() throws IOException {
        OnnxDraft draft = decoder();
        external(draft.graph(), "gain.bin");
        Path file = draft.write(temp.resolve("decoder.onnx"));
        assertThatThrownBy(() -> train(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no such file: " + temp.resolve("gain.bin"));
        Files.write(temp.resolve("gain.bin"), new byte[7]);
        assertThatThrownBy(() -> train(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("weight gain ends at byte 16 of " + temp.resolve("gain.bin") + ", which has 7");
    }

    @TestFactory
    Stream<DynamicTest> filesThatAreNoModels() {
        return Stream.of(
                        List.of("no such file", ""),
                        List.of("not an ONNX file (", "<html>not found</html>"),
                        List.of("no graph with outputs", "\u0008\u0008"))
                .map(test -> dynamicTest(test.get(0), () -> {
                    Path file = temp.resolve("decoder.onnx");
                    Files.deleteIfExists(file);
                    if (!test.get(1).isEmpty()) {
                        Files.writeString(file, test.get(1));
                    }
                    assertThatThrownBy(() -> train(file))
                            .isInstanceOf(FormatException.class)
                            .hasMessageStartingWith(file + ": " + test.get(0));
                }));
    }

    /** Cut anywhere or with bytes changed, a file is read or refused in one line; nothing else happens. */
    @Test
    void damagedBytes() {
        Random random = new Random(SEED);
        byte[] whole = bytes(LlamaDrafts.traced(temp.resolve("whole.onnx")));
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : changed(whole, random);
            Path file = temp.resolve("damaged.onnx");
            write(file, damaged);
            try {
                train(file);
            } catch (UserException e) {
                assertThat(e.getMessage()).as("case %d, seed %d", i, SEED).hasLineCount(1);
            }
        }
    }

    private static byte[] changed(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

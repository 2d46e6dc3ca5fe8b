package org.dilort.check;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.dilort.error.UserException;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.onnx.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Heads that were changed at random, yet are graphs: all the way into ONNX Runtime, each ends in a report or in one line.
 * A crash of the process is what this would show first; {@code -Ddil.seed} and {@code -Ddil.fuzz.heads} make it longer.
 */
class FileCheckFuzzTest {
    private static final long SEED = Long.getLong("dil.seed", 20261130L);
    private static final int FILES = Integer.getInteger("dil.fuzz.heads", 150);

    private static final List<String> HEADS = List.of("lsif", "dpo", "aot", "ld_dpo", "orpo_full", "bco", "hinge");
    private static final String[] OPERATORS =
            ("Exp Log Sqrt Sigmoid Tanh Erf Cos Sin Atanh Reciprocal Softplus Neg Abs Sign Relu Identity Add Sub Mul Div"
                            + " Pow Max Min Sum Equal Less Greater And Or Not IsNaN IsInf Where Cast MatMul Gemm ReduceSum"
                            + " ReduceMean ReduceMax ReduceSumSquare Softmax LogSoftmax Shape Reshape Transpose Unsqueeze"
                            + " Squeeze Expand Concat Split Slice Gather GatherElements ScatterElements TopK"
                            + " ConstantOfShape OneHot Range")
                    .split(" ");
    private static final long[] WHOLE = {0, 1, -1, 2, 3, -2, Long.MIN_VALUE, Long.MAX_VALUE, 1000, 1L << 40, 7, 10, 11};
    private static final float[] NUMBERS = {
        0, -0f, 1, -1, Float.NaN, Float.POSITIVE_INFINITY, -Float.MAX_VALUE, 1e-40f, -3, 100
    };

    @TempDir
    private Path folder;

    private static OnnxMl.GraphProto.Builder changed(OnnxMl.GraphProto.Builder graph, SplittableRandom random) {
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int place = random.nextInt(graph.getNodeCount());
            OnnxMl.NodeProto.Builder node = graph.getNodeBuilder(place);
            switch (random.nextInt(6)) {
                case 0 -> node.setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
                case 1 -> rewire(node, valuesBefore(graph, place), random);
                case 2 -> {
                    if (node.getAttributeCount() > 0) {
                        node.getAttributeBuilder(0).setI(WHOLE[random.nextInt(WHOLE.length)]);
                    }
                }
                case 3 -> insert(graph, place, "new" + i, random);
                case 4 -> graph.removeNode(place);
                default -> overwrite(graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount())), random);
            }
        }
        return graph;
    }

    private static List<String> valuesBefore(OnnxMl.GraphProto.Builder graph, int place) {
        List<String> names = new ArrayList<>();
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getInitializerList().forEach(constant -> names.add(constant.getName()));
        graph.getNodeList().subList(0, place).forEach(node -> names.addAll(node.getOutputList()));
        return names;
    }

    private static void rewire(OnnxMl.NodeProto.Builder node, List<String> values, SplittableRandom random) {
        if (node.getInputCount() > 0) {
            node.setInput(random.nextInt(node.getInputCount()), values.get(random.nextInt(values.size())));
        }
    }

    private static void insert(OnnxMl.GraphProto.Builder graph, int place, String name, SplittableRandom random) {
        List<String> values = valuesBefore(graph, place);
        OnnxMl.NodeProto.Builder node = OnnxMl.NodeProto.newBuilder().addOutput(name);
        node.setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
        for (int operands = 1 + random.nextInt(3); operands > 0; operands--) {
            node.addInput(values.get(random.nextInt(values.size())));
        }
        if (node.getOpType().equals("Cast")) {
            node.addAttributeBuilder()
                    .setName("to")
                    .setType(OnnxMl.AttributeProto.AttributeType.INT)
                    .setI(DType.values()[random.nextInt(DType.values().length)].onnxNumber());
        }
        OnnxMl.NodeProto.Builder reader = graph.getNodeBuilder(place + random.nextInt(graph.getNodeCount() - place));
        if (reader.getInputCount() > 0) {
            reader.setInput(random.nextInt(reader.getInputCount()), name);
        }
        graph.addNode(place, node);
    }

    private static void overwrite(OnnxMl.TensorProto.Builder constant, SplittableRandom random) {
        ByteBuffer bytes = ByteBuffer.wrap(constant.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        boolean whole = constant.getDataType() == DType.INT64.onnxNumber();
        while (bytes.hasRemaining()) {
            if (whole) {
                bytes.putLong(WHOLE[random.nextInt(WHOLE.length)]);
            } else {
                bytes.putFloat(NUMBERS[random.nextInt(NUMBERS.length)]);
            }
        }
        constant.setRawData(ByteString.copyFrom(bytes.array()));
        if (random.nextInt(5) == 0) {
            constant.addDims(1);
        }
    }

    @Test
    void everyChangedHeadEndsInAReportOrOneLine() throws IOException {
        Set<CheckReport.Verdict> verdicts = EnumSet.noneOf(CheckReport.Verdict.class);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            HeadSpec head = HeadSpec.of(HEADS.get(i % HEADS.size()));
            OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.parseFrom(HeadGraph.toBytes(head)).toBuilder();
            changed(model.getGraphBuilder(), random);
            Path file = Files.write(folder.resolve("fuzz.onnx"), model.build().toByteArray());
            try {
                CheckReport report = FileCheck.run(file);
                verdicts.add(report.verdict());
                assertThat(report.lines()).as("seed %d", SEED + i).noneMatch(line -> line.contains("\n"));
            } catch (UserException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed %d", SEED + i)
                        .startsWith(file + ": ")
                        .doesNotContain("\n");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + (SEED + i), e);
            }
        }
        assertThat(verdicts).as("seed %d", SEED).contains(CheckReport.Verdict.PASSED, CheckReport.Verdict.FAILED);
        assertThat(refused).as("seed %d", SEED).isBetween(1, FILES);
    }
}

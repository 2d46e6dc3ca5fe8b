package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.error.ConfigException;
import org.dilort.error.FormatException;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.OnnxReader;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user's file in the place of one of our heads. */
class FileHeadTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    private Path folder;

    private static Head head(byte[] model) {
        return FileHead.of(HeadFile.parse(model, "heads/my-square.onnx"));
    }

    private static Result run(Head head, Map<String, Double> coefficients, double... ratios) {
        return HeadRunner.run(new HeadSpec(head, Reduction.SUM, coefficients), Batch.ofRatios(ratios));
    }

    private static void assertClose(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, Offset.offset(1e-5));
    }

    /** s (q_w - q_l - t)²: with s 0.1, t 3 and q 1 and 2, 0.1 * 16 and slopes -+ 0.8; the second pair is at its target. */
    @Test
    void takesPartInATrainingGraph() {
        Result result = run(head(UserFiles.square(NONE)), Map.of(), 1, 2, 3, 0);
        assertClose(result.losses(), 1.6, 0);
        assertClose(result.gradients(), -0.8, 0.8, 0, 0);
        assertClose(result.rewards(), 1, 2, 3, 0);
    }

    /** With s 2 and t -1, the difference -1 is the target, and 3 is 4 away. */
    @Test
    void constantsAreCoefficients() {
        Head head = head(UserFiles.square(NONE));
        assertThat(head.coefficients())
                .extracting(Coefficient::name, Coefficient::defaultValue)
                .containsExactly(tuple("strength", 0.1), tuple("target", 3.0));
        Result result = run(head, Map.of("strength", 2.0, "target", -1.0), 1, 2, 3, 0);
        assertClose(result.losses(), 0, 32);
        assertClose(result.gradients(), 0, 0, 16, -16);
        assertThatThrownBy(() -> run(head, Map.of("beta", 1.0), 1, 2))
                .isInstanceOf(ConfigException.class)
                .hasMessage("head.beta: head my-square has no such coefficient, expected [strength, target]");
        assertThatThrownBy(() -> run(head, Map.of("target", Double.NaN), 1, 2))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("head.target: got NaN");
    }

    /** So that the artifacts' hash tells runs with other coefficients apart, and a reader finds them. */
    @Test
    void graphNamesItsCoefficients() {
        HeadSpec spec = new HeadSpec(head(UserFiles.square(NONE)), Reduction.SUM, Map.of("target", 5.0));
        Map<String, Tensor> constants =
                OnnxReader.parse(HeadGraph.toBytes(spec), "again").constants();
        assertThat(constants).containsEntry("target", Tensor.scalar(DType.FLOAT, 5));
    }

    @Test
    void saysWhatItIs() {
        Head plain = head(UserFiles.square(NONE));
        assertThat(plain.name()).isEqualTo("my-square");
        assertThat(plain.formula()).isEqualTo("as in heads/my-square.onnx");
        assertThat(plain.scope()).isEqualTo(Scope.PAIR);
        assertThat(plain.needsReference()).isTrue();
        assertThat(plain.reductions()).containsExactly(Reduction.SUM);
        Head described = head(UserFiles.square(Map.of("head", "square", "scope", "step", "formula", "s (z - t)²")));
        assertThat(described.name()).isEqualTo("square");
        assertThat(described.formula()).isEqualTo("s (z - t)²");
        assertThat(described.scope()).isEqualTo(Scope.STEP);
        assertThat(head(UserFiles.square(Map.of("head", "a/b"))).name()).isEqualTo("my-square");
    }

    @Test
    void needsWhatItReads() {
        for (Head ours : Heads.all()) {
            Head asFile = head(HeadGraph.toBytes(HeadSpec.of(ours.name())));
            assertThat(asFile.needsReference()).as(ours.name()).isEqualTo(ours.needsReference());
            assertThat(asFile.optionalInputs()).as(ours.name()).isEqualTo(ours.optionalInputs());
            assertThat(asFile.scope()).as(ours.name()).isEqualTo(ours.scope());
            assertThat(asFile.coefficients().stream().map(Coefficient::name))
                    .as(ours.name())
                    .containsExactlyElementsOf(
                            HeadSpec.of(ours.name()).coefficients().keySet());
        }
    }

    static List<Head> heads() {
        return Heads.all();
    }

    /** Our own files, taken for a user's, give the same graphs' numbers to the bit; optional outputs go through too. */
    @ParameterizedTest
    @MethodSource("heads")
    void ourOwnFilesAreHeads(Head ours) {
        HeadSpec spec = HeadSpec.of(ours.name());
        HeadSpec asFile = new HeadSpec(head(HeadGraph.toBytes(spec)), Reduction.SUM, Map.of());
        assertThat(HeadGraph.build(asFile, DType.FLOAT).outputs().stream().map(Value::toString))
                .containsExactlyElementsOf(HeadGraph.build(spec, DType.FLOAT).outputs().stream()
                        .map(Value::toString)
                        .toList());
        if (ours.optionalInputs().isEmpty()) {
            Batch batch = new Batch(
                    new double[] {-3, -4, -40, -20}, new double[] {-4, -3, -5, -60}, new double[] {1, 2, 3, 4});
            Result expected = HeadRunner.run(spec, batch);
            Result actual = HeadRunner.run(asFile, batch);
            assertThat(actual.outputs().keySet()).isEqualTo(expected.outputs().keySet());
            actual.outputs()
                    .forEach((name, array) -> assertThat(array.values())
                            .as(name)
                            .isEqualTo(expected.outputs().get(name).values()));
        }
    }

    @Test
    void fileIsRead() throws IOException {
        Path file = Files.write(folder.resolve("mine.onnx"), UserFiles.square(NONE));
        assertThat(FileHead.of(HeadFile.read(file)).name()).isEqualTo("mine");
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        assertRefused(folder.resolve("none.onnx"), "there is no such file");
        assertRefused(folder, "is no file, expected an ONNX file");
        assertRefused(Files.createFile(folder.resolve("empty.onnx")), "no graph in this ONNX file");
        byte[] good = UserFiles.square(NONE);
        Path cut = Files.write(folder.resolve("cut.onnx"), java.util.Arrays.copyOf(good, good.length - 7));
        assertRefused(cut, "not an ONNX file (");
    }

    /** Three gigabytes of nothing: neither read into memory nor waited for. */
    @Test
    void hugeFileIsRefused() throws IOException {
        Path file = folder.resolve("huge.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertRefused(file, "more than 16777216 bytes, which is no size for a head");
    }

    private static void assertRefused(Path file, String problem) {
        assertThatThrownBy(() -> HeadFile.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + ": " + problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatIsNoHeadIsRefusedWithItsFirstProblem() {
        byte[] model = UserFiles.file(NONE, (in, ratios) -> in.ops().graph().output("rewards", ratios));
        assertThatThrownBy(() -> head(model))
                .isInstanceOf(FormatException.class)
                .hasMessage("heads/my-square.onnx: output losses is missing, expected float[pairs]");
    }

    /** A constant under the name of an input is no input. */
    @Test
    void constantNamedLikeAnInputStays() {
        byte[] model = withConstantLengths();
        Result result = run(head(model), Map.of(), 1, 2);
        assertClose(result.losses(), 7);
    }

    private static byte[] withConstantLengths() {
        GraphBuilder graph = new GraphBuilder("user");
        Value policy = graph.input("policy_logps", DType.FLOAT, Dim.of("n"), Dim.of(2));
        Ops ops = new Ops(graph);
        Value seven = graph.constant("lengths", Tensor.scalar(DType.FLOAT, 7));
        Value zero = ops.mul(ops.squeeze(ops.slice(policy, 1, 0, 1), 1), 0);
        graph.output("losses", ops.add(zero, seven));
        graph.output("rewards", policy);
        return OnnxWriter.toBytes(graph.build());
    }
}

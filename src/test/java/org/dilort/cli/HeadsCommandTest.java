package org.dilort.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dilort.heads.Head;
import org.dilort.heads.Heads;
import org.dilort.heads.UserFiles;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadsCommandTest {
    @TempDir
    private Path folder;

    private static CommandLineRun run(String... arguments) {
        return EndToEndRun.of(List.of(arguments));
    }

    @Test
    void listsEveryHeadWithItsFormula() {
        CommandLineRun run = run("heads");
        assertThat(run.exitCode()).isZero();
        for (Head head : Heads.all()) {
            assertThat(run.out()
                            .lines()
                            .anyMatch(line -> line.startsWith(head.name() + " ") && line.contains(head.formula())))
                    .as(head.name())
                    .isTrue();
        }
    }

    @Test
    void checkPassesForEveryHead() {
        CommandLineRun run = run("heads", "check");
        assertThat(run.out()).doesNotContain("FAILED").contains(" 0 failed");
        assertThat(run.exitCode()).isZero();
        Heads.all().forEach(head -> assertThat(run.out()).contains("\n" + head.name() + " "));
    }

    @Test
    void drawsAHeadIntoAFile() throws IOException {
        Path file = folder.resolve("ukl.svg");
        CommandLineRun run = run("heads", "show", "ukl", "--out", file.toString());
        assertThat(run).isEqualTo(new CommandLineRun(0, "wrote " + file + "\n", ""));
        assertThat(run("heads", "show", "ukl", "--out", "-").out()).isEqualTo(Files.readString(file));
    }

    @Test
    void drawsAHeadAsItIsSet() {
        assertThat(drawn("dpo", "--set", "beta=0.5", "--set", "head.label_smoothing=0.25"))
                .contains(">beta = 0.5, label_smoothing = 0.25<");
        assertThat(drawn("lsif", "--set", "variant=relative", "--set", "exp_cap=none", "--set", "reduction=mean"))
                .contains(">relative, beta = 1, exp_cap = none, mixture_weight = 0.5, shift = 0<");
    }

    private static String drawn(String head, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("heads", "show", head, "--out", "-"));
        arguments.addAll(List.of(settings));
        CommandLineRun run = EndToEndRun.of(arguments);
        EndToEndRun.assertSucceeded(run);
        return run.out();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "show | heads show: got 0 names, expected one",
                "show ukl bce | heads show: got 2 names, expected one",
                "show lsfi | head.name: got \"lsfi\"; did you mean lsif?",
                "show lsif --set bta=2 | head.bta: head lsif has no such coefficient, expected [beta, exp_cap, shift]",
                "show lsif --set beta=0 | head.beta: got 0.0, expected 1.0E-6 to 1000000.0 (head lsif)",
                "show lsif --set beta=much | --set beta=much: expected a number or none",
                "show lsif --set beta | --set beta: expected key=value, such as beta=0.5",
                "show dpo --set variant=mixture | --set variant=mixture: expected one of [pointwise]",
                "show ipo --set reduction=product | --set reduction=product: expected one of [mean, sum]",
                "show ukl --out no/such/folder.svg | cannot write no/such/folder.svg: there is no such folder",
                "check --out x.svg | heads check: --out is for heads show",
                "list --set beta=1 | heads list: --set is for heads show",
            })
    void refusesWhatCannotBeDrawn(String line, String problem) {
        assertThat(run(("heads " + line).split(" ")))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: " + problem + "\n"));
    }

    @Test
    void checksAFile() throws IOException {
        CommandLineRun run = run("heads", "check", "onnx-graphs/heads/ukl-mean.onnx");
        assertThat(run.out())
                .contains("\nformula    ok  ukl, pointwise, mean: ")
                .endsWith(": 0 failed, 0 warnings\n");
        assertThat(run.exitCode()).isZero();
        Path broken = Files.write(
                folder.resolve("no-rewards.ONNX"),
                UserFiles.file(Map.of(), (in, ratios) -> in.ops().graph().output("losses", in.column(ratios, 0))));
        CommandLineRun refused = run("heads", "check", broken.toString());
        assertThat(refused.out())
                .contains("output rewards is missing")
                .endsWith("1 failed, 0 warnings; this is no head\n");
        assertThat(refused.exitCode()).isEqualTo(2);
        Path blind = Files.write(
                folder.resolve("sign.onnx"),
                UserFiles.file(Map.of(), (in, ratios) -> in.outputs(in.ops().sign(in.column(ratios, 0)), ratios)));
        CommandLineRun failed = run("heads", "check", blind.toString());
        assertThat(failed.out()).contains("gradient   FAILED  node Sign_3: no gradient rule for Sign");
        assertThat(failed.exitCode()).isEqualTo(1);
    }

    /** Files that are no head, to the end of the world: one line, exit code 2, and the process lives. */
    @TestFactory
    Stream<DynamicTest> refusesHostileFiles() {
        OnnxMl.ModelProto good = model(UserFiles.square(Map.of()));
        return Stream.of(
                hostile("there is no such file", new byte[0], "none"),
                hostile("not an ONNX file (", "not a model at all".getBytes(UTF_8), "text"),
                hostile("no graph in this ONNX file", new byte[0], "empty"),
                hostile("not an ONNX file (", Arrays.copyOf(good.toByteArray(), 300), "cut"),
                hostile(
                        "opset 9, expected 13 to 21",
                        changed(good, m -> m.getOpsetImportBuilder(0).setVersion(9)),
                        "old"),
                hostile(
                        "no opset, expected 13 to 21",
                        changed(good, m -> m.getOpsetImportBuilder(0).setDomain("ai.mine")),
                        "other"),
                hostile(
                        "node Sub_0: operator ai.mine::Sub is not supported",
                        changed(good, m -> node(m, 0).setDomain("ai.mine")),
                        "domain"),
                hostile(
                        "node Sub_0: operator If is not supported",
                        changed(good, m -> subgraph(node(m, 0).setOpType("If"))),
                        "if"),
                hostile(
                        "node Sub_0: attribute then_branch has type GRAPH",
                        changed(good, m -> subgraph(node(m, 0))),
                        "subgraph"),
                hostile(
                        "value 'losses' in node Sub_0 is no input, constant or earlier result",
                        changed(good, m -> node(m, 0).setInput(0, "losses")),
                        "cycle"),
                hostile(
                        "constant constant_0: external data, expected it inside the file",
                        changed(
                                good,
                                m -> m.getGraphBuilder()
                                        .getInitializerBuilderList()
                                        .forEach(c -> c.setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL))),
                        "external"));
    }

    private static OnnxMl.ModelProto model(byte[] bytes) {
        try {
            return OnnxMl.ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] changed(OnnxMl.ModelProto good, Consumer<OnnxMl.ModelProto.Builder> change) {
        OnnxMl.ModelProto.Builder builder = good.toBuilder();
        change.accept(builder);
        return builder.build().toByteArray();
    }

    private static OnnxMl.NodeProto.Builder node(OnnxMl.ModelProto.Builder model, int index) {
        return model.getGraphBuilder().getNodeBuilder(index);
    }

    private static void subgraph(OnnxMl.NodeProto.Builder node) {
        node.addAttributeBuilder()
                .setName("then_branch")
                .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                .getGBuilder()
                .setName("inner");
    }

    private DynamicTest hostile(String problem, byte[] content, String name) {
        return dynamicTest(name, () -> {
            Path file = folder.resolve(name + ".onnx");
            if (!name.equals("none")) {
                Files.write(file, content);
            }
            CommandLineRun run = run("heads", "check", file.toString());
            assertThat(run.err())
                    .startsWith("dil-ort: " + file + ": " + problem)
                    .hasLineCount(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.exitCode()).isEqualTo(2);
        });
    }

    @Test
    void refusesAFolderAndAHugeFile() throws IOException {
        Path huge = folder.resolve("huge.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertThat(run("heads", "check", huge.toString()))
                .isEqualTo(new CommandLineRun(
                        2, "", "dil-ort: " + huge + ": more than 16777216 bytes, which is no size for a head\n"));
        assertThat(run("heads", "check", folder.toString()))
                .isEqualTo(new CommandLineRun(2, "", "dil-ort: " + folder + ": is no file, expected an ONNX file\n"));
    }

    @Test
    void refusesWhatIsNoHeadAndNoAction() {
        assertThat(run("heads", "check", "lsfi").err())
                .isEqualTo("dil-ort: head.name: got \"lsfi\"; did you mean lsif?\n");
        assertThat(run("heads", "draw").err())
                .isEqualTo("dil-ort: heads: got \"draw\", expected list, check or show\n");
        assertThat(run("heads", "list", "lsif").exitCode()).isEqualTo(2);
        assertThat(run("heads", "check", "lsif", "bce").exitCode()).isEqualTo(2);
    }
}

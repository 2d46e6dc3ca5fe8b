package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.junit.jupiter.api.Test;

/** Everything that keeps a file from being a head has its line. */
class HeadFileContractTest {

    private static OnnxMl.ModelProto.Builder square() {
        try {
            return OnnxMl.ModelProto.parseFrom(UserFiles.square(Map.of())).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static HeadFileContract contract(Consumer<OnnxMl.GraphProto.Builder> change) {
        OnnxMl.ModelProto.Builder model = square();
        change.accept(model.getGraphBuilder());
        return HeadFileContract.of(HeadFile.parse(model.build().toByteArray(), "my.onnx"));
    }

    private static OnnxMl.TypeProto.Tensor.Builder type(OnnxMl.GraphProto.Builder graph, int input) {
        return graph.getInputBuilder(input).getTypeBuilder().getTensorTypeBuilder();
    }

    private static void add(
            OnnxMl.GraphProto.Builder graph, String domain, String op, String output, String... inputs) {
        graph.addNode(
                0,
                OnnxMl.NodeProto.newBuilder()
                        .setName("my " + op)
                        .setDomain(domain)
                        .setOpType(op)
                        .addAllInput(List.of(inputs))
                        .addOutput(output));
    }

    @Test
    void goodFileHasNone() {
        HeadFileContract contract = contract(graph -> {});
        assertThat(contract.problems()).isEmpty();
        assertThat(contract.unread()).isEmpty();
    }

    @Test
    void everyWrongInputIsNamed() {
        HeadFileContract contract = contract(graph -> {
            graph.getInputBuilder(0).setName("policy_lgps");
            type(graph, 1).setElemType(DType.DOUBLE.onnxNumber());
            type(graph, 2).getShapeBuilder().getDimBuilder(1).setDimValue(3);
            graph.addInput(graph.getInput(2).toBuilder().setName("margin"));
            graph.getOutputBuilder(1).setName("reward");
        });
        assertThat(contract.inputs())
                .containsExactly(
                        "input policy_lgps is float[batch, 2] is none of a head's; did you mean policy_logps?",
                        "input reference_logps is double[batch, 2], expected float[pairs, 2]",
                        "input lengths is float[batch, 3], expected float[pairs, 2]",
                        "input margin is float[batch, 3] is none of a head's; expected some of [policy_logps,"
                                + " reference_logps, lengths, step_counts, detached_logps, token_logps,"
                                + " reference_token_logps, target_sequences, collision_logps, prompt_logps,"
                                + " prompt_lengths, state]",
                        "input policy_logps is missing: the losses cannot depend on the policy");
        assertThat(contract.outputs()).containsExactly("output rewards is missing, expected float[pairs, 2]");
    }

    @Test
    void ranksDifferAndFixedBatchesDoNot() {
        assertThat(contract(graph -> type(graph, 2).getShapeBuilder().removeDim(1))
                        .problems())
                .containsExactly("input lengths is float[batch], expected float[pairs, 2]");
        assertThat(contract(graph -> type(graph, 2).clearShape()).problems())
                .containsExactly("input lengths is float[], expected float[pairs, 2]");
        assertThat(contract(graph -> {
                            for (int input = 0; input < 3; input++) {
                                type(graph, input)
                                        .getShapeBuilder()
                                        .getDimBuilder(0)
                                        .setDimValue(8);
                            }
                        })
                        .problems())
                .isEmpty();
    }

    private static List<String> outputProblems(BiConsumer<UserFiles.Inputs, Value> body) {
        return HeadFileContract.of(HeadFile.parse(UserFiles.file(Map.of(), body), "my.onnx"))
                .outputs();
    }

    @Test
    void everyWrongOutputIsNamed() {
        assertThat(outputProblems((in, ratios) -> {
                    Ops ops = in.ops();
                    ops.graph().output("losses", ops.cast(in.column(ratios, 0), DType.DOUBLE));
                    ops.graph().output("saturated", ratios);
                    ops.graph().output("next_state", in.column(ratios, 0));
                }))
                .containsExactly(
                        "output rewards is missing, expected float[pairs, 2]",
                        "output losses is double[pairs], expected float[pairs]",
                        "output saturated is float[pairs, 2], expected float[pairs]",
                        "output next_state is float[pairs], expected float[2]",
                        "output next_state is there without the input state");
        assertThat(outputProblems((in, ratios) -> {
                    in.ops().graph().input("state", DType.FLOAT, Dim.of(2));
                    in.outputs(in.column(ratios, 0), ratios);
                }))
                .containsExactly("output next_state is missing, expected float[2] beside the input state");
    }

    @Test
    void outputThatNothingReadsIsNoProblem() {
        HeadFileContract contract = contract(graph -> {
            graph.addOutput(graph.getOutput(0).toBuilder().setName("margins"));
            add(graph, "", "Abs", "margins", "policy_logps");
        });
        assertThat(contract.problems()).isEmpty();
        assertThat(contract.unread()).containsExactly("output margins is read by nothing");
    }

    @Test
    void operatorsOfTheRuntimeAreRefused() {
        assertThat(contract(graph -> add(graph, "com.microsoft", "QuickGelu", "gelu", "policy_logps"))
                        .operators())
                .containsExactly("node my QuickGelu: com.microsoft::QuickGelu, expected an operator of ONNX itself");
    }

    /** ONNX Runtime ends the process at the least integer divided by -1. */
    @Test
    void quotientsOfIntegersAreRefused() {
        assertThat(contract(graph -> {
                            add(graph, "", "Div", "quotient", "whole", "whole");
                            graph.addNode(
                                    0,
                                    OnnxMl.NodeProto.newBuilder()
                                            .setOpType("Cast")
                                            .addInput("policy_logps")
                                            .addOutput("whole")
                                            .addAttribute(OnnxMl.AttributeProto.newBuilder()
                                                    .setName("to")
                                                    .setType(OnnxMl.AttributeProto.AttributeType.INT)
                                                    .setI(DType.INT64.onnxNumber())));
                        })
                        .operators())
                .containsExactly("node my Div: Div of int64[pairs, 2], expected float");
    }

    /** 256 pairs squared and squared again are 2^32 numbers. */
    @Test
    void resultsThatNoMemoryHoldsAreRefused() {
        assertThat(HeadFileContract.of(HeadFile.parse(
                                UserFiles.file(Map.of(), (in, ratios) -> {
                                    Ops ops = in.ops();
                                    Value row = ops.reshape(
                                            ratios, Dim.ONE, Dim.of("batch").times(Dim.of(2)));
                                    Value square = ops.matMul(ops.transpose(row, 1, 0), row);
                                    Value all = ops.reshape(
                                            square,
                                            Dim.ONE,
                                            Dim.of("batch")
                                                    .times(Dim.of("batch"))
                                                    .times(Dim.of(4)));
                                    Value fourth = ops.matMul(ops.transpose(all, 1, 0), all);
                                    in.outputs(ops.mul(in.column(ratios, 0), ops.sumAll(fourth)), ratios);
                                }),
                                "my.onnx"))
                        .operators())
                .containsExactly(
                        "more than 67108864 numbers in all results for 256 pairs, which is no size for a head");
    }

    @Test
    void longGraphIsRefusedBeforeItIsRead() {
        assertThat(contract(graph -> {
                            for (int i = 0; i <= 10_000; i++) {
                                add(graph, "", "Abs", "abs" + i, "policy_logps");
                            }
                        })
                        .operators())
                .containsExactly("10012 nodes, expected at most 10000 in a head");
    }

    @Test
    void scopeIsOneOfTwo() {
        HeadFile file = HeadFile.parse(UserFiles.square(Map.of("scope", "batch")), "my.onnx");
        assertThat(HeadFileContract.of(file).problems())
                .containsExactly("metadata scope is \"batch\", expected pair or step");
    }
}

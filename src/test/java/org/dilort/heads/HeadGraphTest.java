package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.error.ConfigException;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

/** Heads as files: what a user may put in the place of ours, and how a wrong one is refused. */
class HeadGraphTest {
    private static final Dim PAIRS = Dim.of("pairs");

    /** A user's file: batch named otherwise, and whatever {@code body} writes. */
    private static byte[] file(BiConsumer<Ops, Value> body) {
        GraphBuilder graph = new GraphBuilder("user");
        Value policy = graph.input("policy_logps", DType.FLOAT, Dim.of("batch"), Dim.of(2));
        body.accept(new Ops(graph), policy);
        return OnnxWriter.toBytes(graph.build());
    }

    private static Value losses(Ops ops, Value policy) {
        return ops.squeeze(ops.exp(ops.slice(policy, 1, 1, 2)), 1);
    }

    private static HeadGraph.Inlined inline(GraphBuilder graph, byte[] model) {
        Value policy = graph.input("policy_logps", DType.FLOAT, PAIRS, Dim.of(2));
        Value reference = graph.input("reference_logps", DType.FLOAT, PAIRS, Dim.of(2));
        Value lengths = graph.input("lengths", DType.FLOAT, PAIRS, Dim.of(2));
        Value counts = graph.input("step_counts", DType.FLOAT, Dim.of(2));
        return HeadGraph.inline(graph, model, "my.onnx", new HeadGraph.Bindings(policy, reference, lengths, counts));
    }

    private static void assertRefused(byte[] model, String message) {
        assertThatThrownBy(() -> inline(new GraphBuilder("training"), model))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("my.onnx: " + message);
    }

    @Test
    void usersHeadTakesPartInTheGradient() {
        byte[] model = file((ops, policy) -> {
            ops.graph().output("losses", losses(ops, policy));
            ops.graph().output("rewards", policy);
        });
        GraphBuilder graph = new GraphBuilder("training");
        HeadGraph.Inlined head = inline(graph, model);
        assertThat(head.losses().shape()).hasToString("[pairs]");
        Ops ops = new Ops(graph);
        Value gradient = new Tape(ops, Form.PLAIN)
                .gradients(ops.sumAll(head.losses()), List.of(graphInput(graph)))
                .get(0);
        graph.output("gradient", gradient);
        Map<String, Array> inputs = Map.of(
                "policy_logps", Array.of(new long[] {1, 2}, 3, 2),
                "reference_logps", Array.of(new long[] {1, 2}, 0, 0),
                "lengths", Array.of(new long[] {1, 2}, 1, 1),
                "step_counts", Array.vector(1, 1));
        assertThat(GraphRunner.run(graph.build(), inputs).get("gradient").values())
                .containsExactly(new double[] {0, Math.exp(2)}, Offset.offset(1e-5));
    }

    private static Value graphInput(GraphBuilder graph) {
        return graph.nodes().get(0).input(0);
    }

    @Test
    void outputsMustBeThereInShapeAndType() {
        assertRefused(
                file((ops, policy) -> ops.graph().output("loss", losses(ops, policy))),
                "output losses is missing, expected float[pairs]");
        assertRefused(
                file((ops, policy) -> ops.graph().output("losses", policy)),
                "output losses is float[pairs, 2], expected float[pairs]");
        assertRefused(
                file((ops, policy) -> ops.graph().output("losses", ops.sumAll(policy))),
                "output losses is float[], expected float[pairs]");
        assertRefused(
                file((ops, policy) -> ops.graph().output("losses", ops.cast(losses(ops, policy), DType.DOUBLE))),
                "output losses is double[pairs], expected float[pairs]");
        assertRefused(
                file((ops, policy) -> ops.graph().output("losses", losses(ops, policy))), "output rewards is missing");
    }

    @Test
    void inputsMustBeAHeads() {
        assertRefused(
                file((ops, policy) -> {
                    Value margin = ops.graph().input("margin", DType.FLOAT, Dim.of("batch"));
                    ops.graph().output("losses", margin);
                }),
                "input %margin:float[batch] is not among a head's inputs [");
        GraphBuilder doubles = new GraphBuilder("user");
        doubles.output("losses", doubles.input("policy_logps", DType.DOUBLE, Dim.of("n"), Dim.of(2)));
        assertRefused(OnnxWriter.toBytes(doubles.build()), "input %policy_logps:double[n, 2] is not among");
        GraphBuilder flat = new GraphBuilder("user");
        flat.output("losses", flat.input("policy_logps", DType.FLOAT, Dim.of("n")));
        assertRefused(OnnxWriter.toBytes(flat.build()), "input %policy_logps:float[n] is not among");
    }

    /** A batch of one number of pairs, as a tool traces it, is no reason to refuse: shapes follow ours. */
    @Test
    void fixedBatchOfAnotherToolIsReadAsAnyBatch() {
        GraphBuilder graph = new GraphBuilder("user");
        Value policy = graph.input("policy_logps", DType.FLOAT, Dim.of(8), Dim.of(2));
        Ops ops = new Ops(graph);
        graph.output("losses", losses(ops, policy));
        graph.output("rewards", policy);
        HeadGraph.Inlined head = inline(new GraphBuilder("training"), OnnxWriter.toBytes(graph.build()));
        assertThat(head.rewards().shape()).hasToString("[pairs, 2]");
    }

    @Test
    void operatorWithoutGradientIsNamedWhenItIsNeeded() {
        byte[] model = file((ops, policy) -> {
            ops.graph().output("losses", ops.sign(losses(ops, policy)));
            ops.graph().output("rewards", policy);
        });
        GraphBuilder graph = new GraphBuilder("training");
        HeadGraph.Inlined head = inline(graph, model);
        Ops ops = new Ops(graph);
        Value loss = ops.sumAll(head.losses());
        assertThatThrownBy(() -> new Tape(ops, Form.PLAIN).gradients(loss, List.of(graphInput(graph))))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessageContaining("no gradient rule for Sign");
    }

    @Test
    void unknownHeadIsToldWhatThereIs() {
        assertThatThrownBy(() -> Heads.named("lsfi"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("head.name: got \"lsfi\"; did you mean lsif?")
                .hasMessageContaining("lsif");
    }

    @Test
    void coefficientsAreNamedConstantsOfTheFile() {
        byte[] model = HeadGraph.toBytes(
                new HeadSpec(Heads.named("dpo"), Reduction.SUM, Map.of("beta", 0.25, "label_smoothing", 0.125)));
        Map<String, org.dilort.onnx.Tensor> constants =
                org.dilort.onnx.OnnxReader.parse(model, "dpo.onnx").constants();
        assertThat(constants.get("beta").toDoubles()).containsExactly(0.25);
        assertThat(constants.get("label_smoothing").toDoubles()).containsExactly(0.125);
    }
}

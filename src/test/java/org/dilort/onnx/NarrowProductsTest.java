package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class NarrowProductsTest {
    private static final Dim N = Dim.of("n");

    private static List<String> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }

    private static DType typeOf(Graph graph, String op) {
        return graph.nodes().stream()
                .filter(node -> node.op().equals(op))
                .findFirst()
                .orElseThrow()
                .output(0)
                .dtype();
    }

    @Test
    void aProductTakesAndGivesTheNarrowType() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        builder.output("y", ops.exp(ops.matMul(a, b)));

        Graph narrow = NarrowProducts.of(builder.build(), DType.BFLOAT16);

        assertThat(ops(narrow)).containsExactly("Cast", "Cast", "MatMul", "Cast", "Exp", "Identity");
        assertThat(typeOf(narrow, "MatMul")).isEqualTo(DType.BFLOAT16);
        assertThat(typeOf(narrow, "Exp")).isEqualTo(DType.FLOAT);
        assertThat(narrow.output("y").dtype()).isEqualTo(DType.FLOAT);
    }

    @Test
    void aValueIsCastOnceForAllItsProducts() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        builder.output("y", ops.add(ops.matMul(a, b), ops.linear(a, b)));

        Graph narrow = NarrowProducts.of(builder.build(), DType.BFLOAT16);

        assertThat(ops(narrow)).containsExactly("Cast", "Cast", "MatMul", "Gemm", "Cast", "Cast", "Add", "Identity");
    }

    @Test
    void betweenTwoProductsALayoutStaysNarrow() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        Value turned = ops.transpose(ops.matMul(a, b), 1, 0);
        builder.output("y", ops.matMul(turned, a));

        Graph narrow = NarrowProducts.of(builder.build(), DType.BFLOAT16);

        assertThat(ops(narrow)).containsExactly("Cast", "Cast", "MatMul", "Transpose", "MatMul", "Identity", "Cast");
        assertThat(typeOf(narrow, "Transpose")).isEqualTo(DType.BFLOAT16);
    }

    /** Scores and their softmax, from product to product; the mask is rounded once. */
    @Test
    void whatLiesBetweenTwoProductsStaysNarrow() {
        Graph graph = attention();

        Graph narrow = NarrowProducts.of(graph, DType.BFLOAT16);

        assertThat(ops(narrow))
                .containsExactly("Cast", "Cast", "MatMul", "Cast", "Add", "Softmax", "MatMul", "Identity", "Cast");
        assertThat(typeOf(narrow, "Add")).isEqualTo(DType.BFLOAT16);
        assertThat(typeOf(narrow, "Softmax")).isEqualTo(DType.BFLOAT16);
    }

    /** A value that something else reads as well keeps its digits, and so does all that it is made from. */
    @Test
    void whatIsReadElsewhereStaysWide() {
        Graph narrow = NarrowProducts.of(attentionWhoseWeightsAreRead(), DType.BFLOAT16);

        assertThat(typeOf(narrow, "Add")).isEqualTo(DType.FLOAT);
        assertThat(typeOf(narrow, "Softmax")).isEqualTo(DType.FLOAT);
        assertThat(narrow.output("sum").dtype()).isEqualTo(DType.FLOAT);
    }

    /** -1e9 has no float16. */
    @Test
    void inHalfPrecisionOnlyProductsAreNarrow() {
        Graph narrow = NarrowProducts.of(attention(), DType.FLOAT16);

        assertThat(typeOf(narrow, "Add")).isEqualTo(DType.FLOAT);
        assertThat(typeOf(narrow, "Softmax")).isEqualTo(DType.FLOAT);
        assertThat(typeOf(narrow, "MatMul")).isEqualTo(DType.FLOAT16);
    }

    /** A sum of wide values that goes into a product is rounded as late as possible. */
    @Test
    void whatNoProductGaveStaysWide() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        builder.output("y", ops.matMul(ops.mul(a, a), b));

        assertThat(typeOf(NarrowProducts.of(builder.build(), DType.BFLOAT16), "Mul"))
                .isEqualTo(DType.FLOAT);
    }

    @Test
    void aValueIsCastBeforeItIsCutForProducts() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(4));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        Value left = ops.matMul(ops.slice(a, 1, 0, 2), b);
        builder.output("y", ops.add(left, ops.matMul(ops.slice(a, 1, 2, 4), b)));

        assertThat(ops(NarrowProducts.of(builder.build(), DType.BFLOAT16)))
                .containsExactly(
                        "Cast", "Slice", "Cast", "MatMul", "Slice", "MatMul", "Cast", "Cast", "Add", "Identity");
    }

    private static Graph attention() {
        GraphBuilder builder = new GraphBuilder("g");
        addAttention(builder);
        return builder.build();
    }

    private static Graph attentionWhoseWeightsAreRead() {
        GraphBuilder builder = new GraphBuilder("g");
        builder.output("sum", new Ops(builder).sumAll(addAttention(builder)));
        return builder.build();
    }

    private static Value addAttention(GraphBuilder builder) {
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        Value mask = builder.input("mask", DType.FLOAT, N, Dim.of(2));
        Value weights = ops.softmax(ops.add(ops.matMul(a, b), mask));
        builder.output("y", ops.matMul(weights, b));
        return weights;
    }

    /** Near 1, bfloat16 has steps of 2^-8: 1 - 0.9985 would be 0. */
    @Test
    void differencesAreTakenInFloat() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        Value target = builder.input("target", DType.FLOAT, N, Dim.of(2));
        Value surprise = ops.sub(target, ops.softmax(ops.matMul(a, b)));
        builder.output("y", ops.matMul(surprise, b));

        Graph narrow = NarrowProducts.of(builder.build(), DType.BFLOAT16);

        assertThat(typeOf(narrow, "Softmax")).isEqualTo(DType.FLOAT);
        assertThat(typeOf(narrow, "Sub")).isEqualTo(DType.FLOAT);
    }

    @Test
    void sumsOfProductsAreTakenInFloat() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        Value b = builder.input("b", DType.FLOAT, Dim.of(2), Dim.of(2));
        Value sum = ops.add(ops.matMul(a, b), ops.linear(a, b));
        builder.output("y", ops.matMul(sum, b));

        assertThat(typeOf(NarrowProducts.of(builder.build(), DType.BFLOAT16), "Add"))
                .isEqualTo(DType.FLOAT);
    }

    @Test
    void aWeightThatLiesInTheNarrowTypeIsTakenAsItIs() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, N, Dim.of(2));
        TensorType stored = new TensorType(DType.BFLOAT16, Shape.of(2, 2));
        Value b = ops.cast(builder.external("w", stored, "w.bin", 0, 8), DType.FLOAT);
        builder.output("y", ops.matMul(a, b));

        Graph narrow = NarrowProducts.of(builder.build(), DType.BFLOAT16);

        assertThat(ops(narrow)).containsExactly("Cast", "MatMul", "Identity", "Cast");
        assertThat(narrow.nodes().get(1).input(1).name()).isEqualTo("w");
    }

    @Test
    void productsOfOtherTypesStay() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.DOUBLE, N, Dim.of(2));
        Value b = builder.input("b", DType.DOUBLE, Dim.of(2), Dim.of(2));
        builder.output("y", ops.matMul(a, b));
        Graph graph = builder.build();

        assertThat(NarrowProducts.of(graph, DType.BFLOAT16).nodes()).isEqualTo(graph.nodes());
        assertThat(NarrowProducts.of(graph, DType.FLOAT)).isSameAs(graph);
    }

    @Test
    void onlyNarrowerFloatTypesAreTaken() {
        Graph graph = identity();

        assertThatThrownBy(() -> NarrowProducts.of(graph, DType.DOUBLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DOUBLE");
    }

    private static Graph identity() {
        GraphBuilder builder = new GraphBuilder("g");
        builder.output("y", builder.input("x", DType.FLOAT, N));
        return builder.build();
    }

    /** ONNX Runtime's CPU has no float16 product: it drops the casts and multiplies in float. */
    @Test
    void onnxRuntimeLoadsIt() {
        GraphBuilder builder = new GraphBuilder("g");
        Ops ops = new Ops(builder);
        Value a = builder.input("a", DType.FLOAT, Dim.of(1), Dim.of(1));
        Value b = builder.input("b", DType.FLOAT, Dim.of(1), Dim.of(1));
        builder.output("y", ops.add(ops.matMul(a, b), 1));
        Array two = new Array(new long[] {1, 1}, new double[] {2});
        Array three = new Array(new long[] {1, 1}, new double[] {3});

        Graph narrow = NarrowProducts.of(builder.build(), DType.FLOAT16);

        Map<String, Array> result = GraphRunner.run(narrow, Map.of("a", two, "b", three));
        assertThat(result.get("y").values()).containsExactly(7);
    }
}

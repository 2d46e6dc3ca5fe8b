package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrunkAndBranchesTest {

    private static Array mask(DType dtype, Array documents, Array branches) {
        return mask(dtype, documents, branches, documents, Window.UNBOUNDED);
    }

    private static Array mask(DType dtype, Array documents, Array branches, Array positions, Window window) {
        GraphBuilder graph = new GraphBuilder("mask");
        Value documentIds = graph.input("documents", DType.INT64, Dim.of("rows"), Dim.of("length"));
        Value branchIds = graph.input("branches", DType.INT64, Dim.of("rows"), Dim.of("length"));
        Value positionIds = graph.input("positions", DType.INT64, Dim.of("rows"), Dim.of("length"));
        Value unused = documentIds;
        BatchInputs batch = new BatchInputs(
                unused, positionIds, documentIds, branchIds, unused, unused, unused, unused, unused, unused);
        AttentionMasks masks = TrunkAndBranches.masks(new Ops(graph), batch, dtype);
        assertThat(masks.of(window)).as("built once").isSameAs(masks.of(window));
        graph.output("mask", masks.of(window));
        Map<String, Array> inputs = Map.of("documents", documents, "branches", branches, "positions", positions);
        return GraphRunner.run(graph.build(), inputs).get("mask");
    }

    /** One line a token: x where it sees the token of that column. */
    private static String seen(Array mask, int row, int length) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < length; j++) {
                double value = mask.values()[(row * length + i) * length + j];
                lines.append(value == 0 ? 'x' : value == -1e9 ? '.' : '?');
            }
            lines.append('\n');
        }
        return lines.toString();
    }

    private static Array row(double... ids) {
        return new Array(new long[] {1, ids.length}, ids);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT", "DOUBLE"})
    void branchSeesTheTrunkAndItselfOnly(DType dtype) {
        Array mask = mask(dtype, row(1, 1, 1, 1, 1, 1), row(0, 0, 1, 1, 2, 2));
        assertThat(mask.shape()).containsExactly(1, 1, 1, 6, 6);
        assertThat(seen(mask, 0, 6)).isEqualTo("""
                        x.....
                        xx....
                        xxx...
                        xxxx..
                        xx..x.
                        xx..xx
                        """);
    }

    @Test
    void documentsOfARowAreStrangers() {
        Array mask = mask(DType.FLOAT, row(1, 1, 2, 2, 2, 0), row(0, 1, 0, 1, 2, 0));
        assertThat(seen(mask, 0, 6)).isEqualTo("""
                        x.....
                        xx....
                        ..x...
                        ..xx..
                        ..x.x.
                        .....x
                        """);
    }

    @Test
    void paddedTokenSeesItselfAndNothingElse() {
        Array mask = mask(DType.FLOAT, row(0, 1, 0, 0), row(0, 0, 0, 0));
        assertThat(seen(mask, 0, 4)).isEqualTo("""
                        x...
                        .x..
                        ..x.
                        ...x
                        """);
    }

    /** A plain sequence, its branch marked or not, has the causal mask; rows differ. */
    @Test
    void plainSequencesAreCausal() {
        Array documents = new Array(new long[] {2, 3}, new double[] {1, 1, 1, 1, 1, 0});
        Array branches = new Array(new long[] {2, 3}, new double[] {0, 1, 1, 0, 0, 0});
        Array mask = mask(DType.FLOAT, documents, branches);
        assertThat(mask.shape()).containsExactly(2, 1, 1, 3, 3);
        assertThat(seen(mask, 0, 3)).isEqualTo("x..\nxx.\nxxx\n");
        assertThat(seen(mask, 1, 3)).isEqualTo("x..\nxx.\n..x\n");
    }

    /** The trunk never sees a branch, even one that stands before it in the row. */
    @Test
    void orderInTheRowDecides() {
        Array mask = mask(DType.FLOAT, row(1, 1, 1), row(1, 0, 1));
        assertThat(seen(mask, 0, 3)).isEqualTo("x..\n.x.\nxxx\n");
    }

    /** Documents of one number with padding between them are one document, as the contract says. */
    @Test
    void numberMakesTheDocument() {
        Array mask = mask(DType.FLOAT, row(3, 0, 3), row(0, 0, 0));
        assertThat(seen(mask, 0, 3)).isEqualTo("x..\n.x.\nx.x\n");
    }

    /**
     * The window counts positions, not columns: the second branch (columns 4 and 5, positions 2 and 3) stands as near to
     * the trunk as the first, and a padded token at position 0 still sees itself.
     */
    @Test
    void windowCountsPositions() {
        Array mask = mask(
                DType.FLOAT,
                row(1, 1, 1, 1, 1, 1, 0),
                row(0, 0, 1, 1, 2, 2, 0),
                row(0, 1, 2, 3, 2, 3, 0),
                new Window(2));
        assertThat(seen(mask, 0, 7)).isEqualTo("""
                        x......
                        xx.....
                        .xx....
                        ..xx...
                        .x..x..
                        ....xx.
                        ......x
                        """);
    }

    @Test
    void windowAsLongAsTheSequenceHidesNothing() {
        Array documents = row(1, 1, 1);
        Array mask = mask(DType.DOUBLE, documents, row(0, 0, 0), row(0, 1, 2), new Window(3));
        assertThat(seen(mask, 0, 3)).isEqualTo("x..\nxx.\nxxx\n");
    }
}

package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private static final Array X = Array.of(new long[] {2, 2}, 1, 2, 3, 4);

    private static double[] linear(List<Parameter> parameters, Map<String, Array> values) {
        GraphBuilder graph = new GraphBuilder("linear");
        Value x = graph.input("x", DType.FLOAT, Dim.of("tokens"), Dim.of(2));
        Weights weights = Weights.of(
                parameters,
                parameter -> graph.input(
                        parameter.name(), DType.FLOAT, parameter.shape().dims().toArray(Dim[]::new)));
        graph.output("out", weights.linear(new Ops(graph), "m", x));
        Map<String, Array> inputs = new TreeMap<>(values);
        inputs.put("x", X);
        return GraphRunner.run(graph.build(), inputs).get("out").values();
    }

    /** x W' for W = [[1, 0], [2, 1], [0, 3]]: rows (1, 2) and (3, 4) give (1, 4, 6) and (3, 10, 12). */
    @Test
    void weightIsStoredOutByIn() {
        Array weight = Array.of(new long[] {3, 2}, 1, 0, 2, 1, 0, 3);
        assertThat(linear(List.of(Parameter.matrix("m.weight", 3, 2)), Map.of("m.weight", weight)))
                .containsExactly(1, 4, 6, 3, 10, 12);
    }

    @Test
    void biasIsAddedWhereTheModelHasOne() {
        List<Parameter> parameters = List.of(Parameter.matrix("m.weight", 3, 2), Parameter.offset("m.bias", 3));
        Array weight = Array.of(new long[] {3, 2}, 1, 0, 2, 1, 0, 3);
        assertThat(linear(parameters, Map.of("m.weight", weight, "m.bias", Array.vector(10, 20, 30))))
                .containsExactly(11, 24, 36, 13, 30, 42);
    }

    /** The same matrix stored as [in, out]. */
    @Test
    void transposedWeightIsReadAsStored() {
        List<Parameter> parameters =
                List.of(Parameter.transposedMatrix("m.weight", 2, 3), Parameter.offset("m.bias", 3));
        Array weight = Array.of(new long[] {2, 3}, 1, 2, 0, 0, 1, 3);
        assertThat(linear(parameters.subList(0, 1), Map.of("m.weight", weight))).containsExactly(1, 4, 6, 3, 10, 12);
        assertThat(linear(parameters, Map.of("m.weight", weight, "m.bias", Array.vector(10, 20, 30))))
                .containsExactly(11, 24, 36, 13, 30, 42);
    }

    @Test
    void unknownModuleIsNamed() {
        assertThatThrownBy(() -> linear(List.of(Parameter.matrix("n.weight", 3, 2)), Map.of()))
                .hasMessage("no weight m.weight in this graph");
    }
}

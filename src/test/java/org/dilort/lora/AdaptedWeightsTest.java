package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Layout;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One layer, numbers by hand. x = (1, 2, -1), W = ((3, 0, 4), (0, 2, 0)), bias = (10, 20), A = (1, 0, 1),
 * B = (2, -1)ᵀ, rank 1, alpha 1/2, so s = 1/2.
 *
 * <pre>
 * W x = (-1, 4)         A x = 0 for this x; with x' = (1, 2, 1): W x' = (7, 4), A x' = 2
 * s B A = ((1, 0, 1), (-1/2, 0, -1/2))
 * W + s B A = ((4, 0, 5), (-1/2, 2, -1/2))        norms sqrt(41), sqrt(4.5)
 * LoRA of x'  = (7 + 2, 4 - 1) + bias = (19, 23)
 * DoRA of x', m = (2 sqrt(41), sqrt(4.5)) = (2 * 9, 3) + bias = (28, 23)
 * </pre>
 */
class AdaptedWeightsTest {
    private static final Offset<Double> CLOSE = Offset.offset(1e-6);

    private static Map<String, Array> inputs(Layout layout) {
        Map<String, Array> inputs = new TreeMap<>();
        inputs.put("x", Array.of(new long[] {2, 3}, 1, 2, -1, 1, 2, 1));
        inputs.put(
                "layer.weight",
                layout == Layout.OUT_IN
                        ? Array.of(new long[] {2, 3}, 3, 0, 4, 0, 2, 0)
                        : Array.of(new long[] {3, 2}, 3, 0, 0, 2, 4, 0));
        inputs.put("layer.bias", Array.vector(10, 20));
        inputs.put("layer.lora_A.weight", Array.of(new long[] {1, 3}, 1, 0, 1));
        inputs.put("layer.lora_B.weight", Array.of(new long[] {2, 1}, 2, -1));
        inputs.put("layer.lora_magnitude_vector", Array.vector(2 * Math.sqrt(41), Math.sqrt(4.5)));
        return inputs;
    }

    /** The layer's output {@code y} with the gradients of its sum. */
    private static Map<String, Array> run(Layout layout, Kind kind, DType stored) {
        LinearChain chain = new LinearChain(layout);
        Adapters adapters =
                Adapters.choose(chain, new LoraSettings(1, 0.5, Scaling.BY_RANK, kind), List.of(), List.of());
        AdaptedModel model = new AdaptedModel(
                chain,
                adapters,
                (graph, parameter) -> new FrozenWeights.Cast(new Ops(graph).cast(input(graph, parameter), stored)));
        GraphBuilder graph = new GraphBuilder("layer");
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        Map<String, Value> wanted = new LinkedHashMap<>();
        wanted.put("x", graph.input("x", DType.FLOAT, Dim.of(2), Dim.of(3)));
        Weights weights = model.weights(tape, DType.FLOAT, parameter -> {
            Value value = input(graph, parameter);
            wanted.put(parameter.name(), value);
            return value;
        });
        Value y = weights.linear(tape.ops(), "layer", wanted.get("x"));
        graph.output("y", y);
        List<Value> gradients = tape.gradients(tape.ops().sumAll(y), List.copyOf(wanted.values()));
        int next = 0;
        for (String name : wanted.keySet()) {
            graph.output(name + ".gradient", gradients.get(next++));
        }
        return GraphRunner.run(graph.build(), inputs(layout));
    }

    private static Value input(GraphBuilder graph, Parameter parameter) {
        return graph.input(
                parameter.name(), DType.FLOAT, parameter.shape().dims().toArray(Dim[]::new));
    }

    /**
     * y = ((-1, 4) + bias, (19, 23)). With dy = 1: dB = s sum of A x = 1/2 (0 + 2) = 1 for each output;
     * dA = s (B summed = 1) (sum of x = (2, 4, 0)) = (1, 2, 0); dx = column sums of W + s B A = (7/2, 2, 9/2).
     */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void addsTheProductOfTheTwoSmallMatrices(Layout layout) {
        Map<String, Array> outputs = run(layout, Kind.LORA, DType.FLOAT);
        assertThat(outputs.get("y").values()).containsExactly(new double[] {9, 24, 19, 23}, CLOSE);
        assertThat(outputs.get("layer.lora_B.weight.gradient").values()).containsExactly(new double[] {1, 1}, CLOSE);
        assertThat(outputs.get("layer.lora_A.weight.gradient").values()).containsExactly(new double[] {1, 2, 0}, CLOSE);
        assertThat(outputs.get("x.gradient").values()).containsExactly(new double[] {3.5, 2, 4.5, 3.5, 2, 4.5}, CLOSE);
    }

    /**
     * Factors m / n = (2, 1), constant: y = ((-2, 4) + bias, (28, 23)). dB = s sum of A x times the factors = (2, 1);
     * dA = s (2 * 2 - 1) (2, 4, 0) = (3, 6, 0); dm = sum of (W + s B A) x over n = (8 / sqrt(41), 7 / sqrt(4.5));
     * dx = (8 - 1/2, 2, 10 - 1/2).
     */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void setsTheNormOfEachOutputToItsMagnitude(Layout layout) {
        Map<String, Array> outputs = run(layout, Kind.DORA, DType.FLOAT);
        assertThat(outputs.get("y").values()).containsExactly(new double[] {8, 24, 28, 23}, CLOSE);
        assertThat(outputs.get("layer.lora_B.weight.gradient").values()).containsExactly(new double[] {2, 1}, CLOSE);
        assertThat(outputs.get("layer.lora_A.weight.gradient").values()).containsExactly(new double[] {3, 6, 0}, CLOSE);
        assertThat(outputs.get("layer.lora_magnitude_vector.gradient").values())
                .containsExactly(new double[] {8 / Math.sqrt(41), 7 / Math.sqrt(4.5)}, CLOSE);
        assertThat(outputs.get("x.gradient").values()).containsExactly(new double[] {7.5, 2, 9.5, 7.5, 2, 9.5}, CLOSE);
    }

    /** All numbers above are whole in 16 bits too. */
    @ParameterizedTest
    @EnumSource(Layout.class)
    void takesWeightsOf16BitsAsTheyAre(Layout layout) {
        Map<String, Array> wide = run(layout, Kind.DORA, DType.FLOAT);
        Map<String, Array> narrow = run(layout, Kind.DORA, DType.BFLOAT16);
        wide.forEach(
                (name, array) -> assertThat(narrow.get(name).values()).as(name).isEqualTo(array.values()));
    }
}

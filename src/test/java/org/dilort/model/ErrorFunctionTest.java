package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class ErrorFunctionTest {
    private static Map<String, Array> run(double... x) {
        GraphBuilder graph = new GraphBuilder("erf");
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        Value input = graph.input("x", DType.DOUBLE, Dim.of("n"));
        Value y = ErrorFunction.of(tape.ops(), input);
        graph.output("erf", y);
        graph.output(
                "slope", tape.gradients(tape.ops().sumAll(y), List.of(input)).get(0));
        return GraphRunner.run(graph.build(), Map.of("x", Array.vector(x)));
    }

    /** Values as tables have them (NIST's handbook, table 7.1, and its asymptotic series for 5). */
    @Test
    void valuesAreThoseOfTables() {
        assertThat(run(0, 0.5, 1, -1, 2, 3, 5, 6, 40, -40).get("erf").values())
                .containsExactly(
                        new double[] {
                            0,
                            0.5204998778130465,
                            0.8427007929497149,
                            -0.8427007929497149,
                            0.9953222650189527,
                            0.9999779095030014,
                            0.9999999999984626,
                            1,
                            1,
                            -1
                        },
                        Offset.offset(2e-15));
    }

    /** erf'(x) = 2 / sqrt(pi) exp(-x²). */
    @Test
    void slopeIsTheBell() {
        double[] x = {0, 0.3, -1.7, 4.5, 7};
        double[] slopes = run(x).get("slope").values();
        for (int i = 0; i < x.length; i++) {
            double expected = 2 / Math.sqrt(Math.PI) * Math.exp(-x[i] * x[i]);
            assertThat(slopes[i]).isCloseTo(expected, Offset.offset(2e-14));
        }
    }
}

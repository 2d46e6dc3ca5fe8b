package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.function.Predicate;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.model.Parameter;
import org.dilort.onnx.OnnxWriter;
import org.junit.jupiter.api.Test;

/**
 * ONNX Runtime's CPU kernel reads neither the divisor nor the flag, so here the norm is never clipped; {@code dil-ort
 * doctor --check-cuda} holds the clipped update on a GPU against the CPU's.
 */
class FusedAdamWTest {
    private static final Parameter MATRIX = Parameter.matrix("layer.weight", 3, 4);
    private static final Parameter GAIN = Parameter.gain("norm.weight", 5);
    private static final Predicate<Parameter> MATRICES = parameter -> parameter.equals(MATRIX);

    private static final AdamW RULE = new AdamW(0.9, 0.999, 1e-8, 0.1, Double.POSITIVE_INFINITY);

    /** The second parameter's update must see the same count as the first one's. */
    @Test
    void updatesAsTheGraphOfPlainOperators() {
        List<Parameter> parameters = List.of(MATRIX, GAIN);
        try (UpdateRunner plain = new UpdateRunner(parameters, RULE, MATRICES);
                UpdateRunner fused = new UpdateRunner(parameters, new FusedAdamW(RULE), MATRICES, Form.CONTRIB)) {
            for (UpdateRunner runner : List.of(plain, fused)) {
                runner.set(MATRIX.name(), 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12);
                runner.set(GAIN.name(), 1, 2, 3, 4, 5);
            }
            for (int update = 0; update < 5; update++) {
                for (UpdateRunner runner : List.of(plain, fused)) {
                    runner.set(StateNames.gradient(MATRIX.name()), 0.5, -0.1 * update, 2, 0, 1e-3);
                    runner.set(StateNames.gradient(GAIN.name()), -1, 0.3 * update, 0.7, 1e-4, 0);
                }
                double norm = plain.step(0.01);
                assertThat(fused.step(0.01)).isCloseTo(norm, Offset.offset(1e-6 * norm));
                plain.tensors()
                        .keySet()
                        .forEach(name -> assertThat(fused.get(name))
                                .as(name)
                                .containsExactly(plain.get(name), Offset.offset(2e-6)));
            }
            assertThat(fused.get(GAIN.name())[0]).isCloseTo(1.05, Offset.offset(1e-4)); // 5 steps of 0.01 up
        }
    }

    /** Places 6 and 8 are a copy of the weight in half precision and the gradient's norm, neither of which is given. */
    @Test
    void theFileLeavesTheKernelsOtherInputsEmpty() throws InvalidProtocolBufferException {
        byte[] bytes = OnnxWriter.toBytes(UpdateGraph.build(List.of(GAIN), new FusedAdamW(RULE), MATRICES, Form.PLAIN));
        OnnxMl.NodeProto adam = OnnxMl.ModelProto.parseFrom(bytes).getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("AdamOptimizer"))
                .findFirst()
                .orElseThrow();
        assertThat(adam.getInputList()).hasSize(10);
        assertThat(adam.getInput(6)).isEmpty();
        assertThat(adam.getInput(8)).isEmpty();
        assertThat(adam.getInputList().subList(0, 6)).doesNotContain("");
        assertThat(adam.getInput(7)).isNotEmpty();
        assertThat(adam.getInput(9)).isNotEmpty();
    }
}

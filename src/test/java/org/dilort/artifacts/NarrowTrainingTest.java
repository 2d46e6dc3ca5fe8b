package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.dilort.autodiff.Form;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.Parameter;
import org.dilort.model.QueryChunks;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.NarrowProducts;
import org.dilort.onnx.RoundedProducts;
import org.dilort.testing.Array;
import org.dilort.testing.GoldenModel;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A training step with everything between products in bfloat16, as CUDA runs it, against the same in float. bfloat16 has
 * eight digits of two, so a number is off by up to 2^-9 = 2e-3; that is a lower bound, and three per cent leaves room for
 * what a few layers add.
 */
class NarrowTrainingTest {
    private static final double TOLERANCE = 3e-2;

    @ParameterizedTest
    @CsvSource({
        "llama_gqa_tied, 1, 1",
        "llama_gqa_tied, 4, 3",
        "qwen3, 4, 3",
        "gemma2, 1, 1",
        "gemma2, 4, 3",
        "gpt2, 4, 3",
        "phi3_sw6, 4, 3"
    })
    void gradientsAreThoseOfFloat(String name, int chunkTokens, int chunkCount) {
        GoldenModel golden = GoldenModel.load(name);
        GraphOptions options = new GraphOptions(DType.FLOAT, Form.CONTRIB, Chunks.WHOLE, 64)
                .withQueryChunks(new QueryChunks(chunkTokens, chunkCount));
        Graph exact = TrainingGraph.withGradientOutputs(golden.model(), Objective.of(HeadSpec.of("dpo")), options);
        Map<String, Array> inputs = new HashMap<>(golden.plainBatch());
        inputs.putAll(golden.weights());

        Map<String, Array> expected = GraphRunner.run(exact, inputs);
        Map<String, Array> actual =
                GraphRunner.run(RoundedProducts.of(NarrowProducts.of(exact, DType.BFLOAT16)), inputs);

        double wrong = 0;
        double whole = 0;
        for (Parameter parameter : golden.model().parameters()) {
            double[] gradient =
                    expected.get(StateNames.gradient(parameter.name())).values();
            double[] narrow = actual.get(StateNames.gradient(parameter.name())).values();
            for (int i = 0; i < gradient.length; i++) {
                wrong += (narrow[i] - gradient[i]) * (narrow[i] - gradient[i]);
                whole += gradient[i] * gradient[i];
            }
        }
        assertThat(Math.sqrt(wrong / whole)).isBetween(1e-5, TOLERANCE);
        double[] logps = expected.get(TrainingGraph.POLICY_LOGPS).values();
        for (int i = 0; i < logps.length; i++) {
            double off = actual.get(TrainingGraph.POLICY_LOGPS).values()[i] - logps[i];
            assertThat(Math.abs(off)).isLessThan(TOLERANCE * Math.max(1, Math.abs(logps[i])));
        }
    }
}

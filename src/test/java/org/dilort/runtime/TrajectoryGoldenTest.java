package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Reduction;
import org.dilort.model.Parameter;
import org.dilort.testing.Batches;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Training through ONNX Runtime's session goes the way that PyTorch's AdamW goes in float64: learning rate 1e-3, decay
 * 0.01 on every parameter, gradients clipped at 1.0.
 */
class TrajectoryGoldenTest {
    private static final AdamW ADAMW = new AdamW(0.9, 0.999, 1e-8, 0.01, 1.0);
    private static final double LEARNING_RATE = 1e-3;
    private static final int RECORDED_STEPS = 5;

    @TempDir
    private Path folder;

    /** Of GPT-NeoX with LSIF, three steps: from the fourth on the square of its gradient's norm leaves float. */
    @ParameterizedTest
    @CsvSource({
        "llama_gqa_tied, lsif, 3",
        "llama_gqa_tied, dpo, 5",
        "gpt_neox_pythia, lsif, 3",
        "gpt_neox_pythia, dpo, 5"
    })
    void stepsFollowPyTorch(String model, String head, int steps) {
        GoldenModel golden = GoldenModel.load(model);
        MicroBatch batch = Batches.of(golden.plainBatch());
        try (OrtPolicy policy = open(golden, head)) {
            for (int step = 0; step < steps; step++) {
                StepResult result = policy.accumulate(batch);
                UpdateResult update = policy.update(LEARNING_RATE);
                assertThat(update.applied()).isTrue();
                compare(golden, "/training/" + head + "/steps/" + step, result, update);
            }
            policy.save(folder.resolve("saved"));
        }
        if (steps == RECORDED_STEPS) {
            compareParameters(golden, head);
        }
    }

    private OrtPolicy open(GoldenModel golden, String name) {
        Map<String, Double> uncapped = name.equals("lsif") ? Map.of("exp_cap", Double.POSITIVE_INFINITY) : Map.of();
        HeadSpec head = new HeadSpec(Heads.named(name), Reduction.SUM, uncapped);
        GraphOptions options = GraphOptions.forBatches(256, 64, golden.model().size());
        TrainingArtifacts artifacts = new TrainingArtifacts(folder.resolve("artifacts"));
        TrainingArtifacts.Recipe recipe =
                new TrainingArtifacts.Recipe(golden.model(), Objective.of(head), options, ADAMW, parameter -> true);
        artifacts.writeGraphs(recipe);
        try (WeightSource weights = SafetensorsFolder.open(golden.folder())) {
            artifacts.writeCheckpoint(golden.model(), ADAMW, new InitialWeights.Pretrained(weights));
        }
        return OrtPolicy.open(artifacts, recipe, artifacts.checkpoint(), 0, new SessionSettings(2));
    }

    private static void compare(GoldenModel golden, String step, StepResult result, UpdateResult update) {
        JsonNode expected = golden.golden().at(step);
        assertClose("loss at " + step, result.loss(), expected.get("loss").asDouble());
        assertClose(
                "gradient norm at " + step,
                update.gradientNorm(),
                expected.get("grad_norm_before_clip").asDouble());
        double[] logps = golden.numbers(step + "/sequence_logps");
        for (int row = 0; row < logps.length; row++) {
            int index = 2 * (row % golden.pairs()) + row / golden.pairs();
            assertClose("row " + row + " at " + step, result.policyLogps()[index], logps[row]);
        }
    }

    private static void assertClose(String what, double actual, double expected) {
        assertThat(actual).as(what).isCloseTo(expected, Offset.offset(1e-4 * Math.abs(expected) + 1e-8));
    }

    /**
     * Whether the gradient of a sampled entry is nothing but rounding, as that of a key's bias which is not rotated: it
     * shifts all scores of a token alike. AdamW divides such a gradient by itself.
     */
    private static boolean isRounding(GoldenModel golden, String head, Parameter parameter, int sample) {
        JsonNode gradient = golden.golden().at("/heads/" + head + "/gradients").get(parameter.name());
        return Math.abs(gradient.get("sample").get(sample).asDouble())
                < 1e-12 * gradient.get("l2").asDouble();
    }

    private void compareParameters(GoldenModel golden, String head) {
        try (CheckpointReader reader = CheckpointReader.open(folder.resolve("saved"))) {
            for (Parameter parameter : golden.model().parameters()) {
                float[] actual = reader.toArray(parameter.name());
                double[] at = golden.numbers("/parameters/" + parameter.name() + "/sample_index");
                double[] expected =
                        golden.numbers("/training/" + head + "/parameters_after/" + parameter.name() + "/sample");
                for (int i = 0; i < at.length; i++) {
                    double tolerance = isRounding(golden, head, parameter, i)
                            ? RECORDED_STEPS * LEARNING_RATE
                            : 1e-4 * Math.abs(expected[i]) + 2e-6;
                    assertThat((double) actual[(int) at[i]])
                            .as("%s[%d]", parameter.name(), (int) at[i])
                            .isCloseTo(expected[i], Offset.offset(tolerance));
                }
            }
        }
    }
}

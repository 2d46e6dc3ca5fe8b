package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.HeadSpec;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.SessionSettings;
import org.dilort.runtime.StepHeadPolicy;
import org.dilort.runtime.StepResult;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loss that couples the pairs of a step gives PyTorch's loss and gradient norm however the step is divided. */
class StepHeadPolicyTest {
    private static final GoldenModel GOLDEN = GoldenModel.load("llama_gqa_tied");

    @TempDir
    private Path folder;

    private static List<TokenizedPair> pairs() {
        List<TokenizedPair> pairs = new ArrayList<>();
        for (int i = 0; i < GOLDEN.pairs(); i++) {
            int[] chosen = GOLDEN.tokens(i);
            int[] rejected = GOLDEN.tokens(i + GOLDEN.pairs());
            int trunk = chosen.length - GOLDEN.responseLength(i);
            pairs.add(new TokenizedPair(
                    i,
                    Arrays.copyOf(chosen, trunk),
                    Arrays.copyOfRange(chosen, trunk, chosen.length),
                    Arrays.copyOfRange(rejected, trunk, rejected.length)));
        }
        return pairs;
    }

    private static float[] references() {
        double[] values = GOLDEN.byPair(GOLDEN.numbers("/ref_w"), GOLDEN.numbers("/ref_l"));
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** One micro-batch, and one for each pair: rows of 24 tokens hold one document of this data. */
    @ParameterizedTest
    @ValueSource(ints = {256, 24})
    void ktoIsPyTorchs(int microBatchTokens) {
        HeadSpec head = HeadSpec.of("kto_pair");
        GraphOptions options =
                GraphOptions.forBatches(256, 64, GOLDEN.model().size().vocabulary());
        TrainingArtifacts.Recipe recipe = new TrainingArtifacts.Recipe(
                GOLDEN.model(), head, options, new AdamW(0.9, 0.999, 1e-8, 0, 1), name -> true);
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        artifacts.writeGraphs(recipe);
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder())) {
            artifacts.writeCheckpoint(GOLDEN.model(), recipe.optimizer(), new InitialWeights.Pretrained(weights));
        }
        List<MicroBatch> step = new Packer(new PackOptions(microBatchTokens, microBatchTokens, Layout.SHARED_TRUNK))
                .pack(pairs(), references());
        assertThat(step).hasSize(microBatchTokens == 256 ? 1 : GOLDEN.pairs());
        OrtPolicy session = OrtPolicy.open(artifacts, recipe, artifacts.checkpoint(), 0, new SessionSettings(1));
        try (StepHeadPolicy policy = new StepHeadPolicy(session, head)) {
            double loss = policy.accumulateStep(step).stream()
                    .mapToDouble(StepResult::loss)
                    .sum();
            assertClose("loss", loss, GOLDEN.golden().at("/heads/kto_pair/loss").asDouble());
            assertClose(
                    "gradient norm",
                    policy.update(0).gradientNorm(),
                    GOLDEN.golden().at("/heads/kto_pair/grad_norm_all").asDouble());
        }
    }

    private static void assertClose(String what, double actual, double expected) {
        assertThat(actual)
                .as(String.format(Locale.ROOT, "%s %s, PyTorch's %s", what, actual, expected))
                .isCloseTo(expected, Offset.offset(1e-4 * Math.abs(expected)));
    }
}

package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.dilort.testing.Array;
import org.dilort.testing.Batches;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtPolicyTest {
    private static final AdamW ADAMW = new AdamW(0.9, 0.999, 1e-8, 0.01, 1.0);
    private static final GoldenModel GOLDEN = GoldenModel.load("llama_gqa_tied");
    private static final int LONGEST_ROW = 64;

    @TempDir
    private Path folder;

    private OrtPolicy open(HeadSpec head) {
        GraphOptions options =
                GraphOptions.forBatches(256, LONGEST_ROW, GOLDEN.model().size());
        TrainingArtifacts artifacts =
                new TrainingArtifacts(folder.resolve(head.head().name()));
        TrainingArtifacts.Recipe recipe =
                new TrainingArtifacts.Recipe(GOLDEN.model(), Objective.of(head), options, ADAMW, name -> true);
        artifacts.writeGraphs(recipe);
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder())) {
            artifacts.writeCheckpoint(GOLDEN.model(), ADAMW, new InitialWeights.Pretrained(weights));
        }
        return OrtPolicy.open(artifacts, recipe, artifacts.checkpoint(), 0, new SessionSettings(2));
    }

    private static HeadSpec lsifWithoutCap() {
        return new HeadSpec(Heads.named("lsif"), Reduction.SUM, Map.of("exp_cap", Double.POSITIVE_INFINITY));
    }

    /** A reference at -infinity makes the first pair's loss infinite; the others keep their weight of a third. */
    @Test
    void pairWithoutAFiniteLossIsTakenOut() {
        Map<String, Array> inputs = GOLDEN.plainBatch();
        Array references = inputs.get("reference_logps");
        inputs.put("pair_weights", Array.vector(0, 1 / 3.0, 1 / 3.0));
        MicroBatch without = Batches.of(inputs);
        inputs.put("pair_weights", Array.vector(1 / 3.0, 1 / 3.0, 1 / 3.0));
        inputs.put("reference_logps", references.withValue(0, Double.NEGATIVE_INFINITY));
        MicroBatch with = Batches.of(inputs);
        try (OrtPolicy policy = open(lsifWithoutCap())) {
            StepResult expected = policy.accumulate(without);
            double norm = policy.update(0).gradientNorm();
            StepResult actual = policy.accumulate(with);
            assertThat(actual.flags().skipped()).containsExactly(1, 0, 0);
            assertThat(expected.flags().skipped()).containsExactly(0, 0, 0);
            assertThat(actual.loss()).isEqualTo(expected.loss());
            assertThat(policy.update(0)).isEqualTo(new UpdateResult(norm, true));
        }
    }

    @Test
    void discardedGradientChangesNothing() {
        MicroBatch good = Batches.of(GOLDEN.plainBatch());
        try (OrtPolicy policy = open(HeadSpec.of("dpo"))) {
            StepResult before = policy.accumulate(good);
            policy.discard();
            StepResult after = policy.accumulate(good);
            assertThat(after.policyLogps()).isEqualTo(before.policyLogps());
            assertThat(policy.update(1e-3).applied()).isTrue();
            assertThat(policy.accumulate(good).policyLogps()).isNotEqualTo(before.policyLogps());
        }
    }

    @Test
    void secondMicroBatchAddsToTheGradientAndAnUpdateEndsTheSum() {
        MicroBatch batch = Batches.of(GOLDEN.plainBatch());
        try (OrtPolicy policy = open(HeadSpec.of("dpo"))) {
            policy.accumulate(batch);
            double once = policy.update(0).gradientNorm();
            policy.accumulate(batch);
            policy.accumulate(batch);
            double twice = policy.update(0).gradientNorm();
            policy.accumulate(batch);
            double again = policy.update(0).gradientNorm();
            assertThat(twice).isCloseTo(2 * once, Offset.offset(1e-5 * once));
            assertThat(again).isEqualTo(once);
        }
    }

    @Test
    void scoringFromTheCheckpointAndFromTheHuggingFaceFolderGivesTheGolden() {
        MicroBatch batch = Batches.of(GOLDEN.plainBatch());
        GraphOptions options =
                GraphOptions.forBatches(256, LONGEST_ROW, GOLDEN.model().size());
        double[] expected = GOLDEN.numbers("/sequence_logps");
        try (OrtPolicy policy = open(HeadSpec.of("dpo"))) {
            policy.save(folder.resolve("saved"));
        }
        for (WeightSource source : new WeightSource[] {
            SafetensorsFolder.open(GOLDEN.folder()), CheckpointReader.open(folder.resolve("saved"))
        }) {
            try (source;
                    OrtScorer scorer = OrtScorer.open(GOLDEN.model(), source, options, new SessionSettings(1))) {
                float[] logps = scorer.sequenceLogps(batch);
                for (int row = 0; row < expected.length; row++) {
                    int index = 2 * (row % GOLDEN.pairs()) + row / GOLDEN.pairs();
                    assertThat((double) logps[index])
                            .isCloseTo(expected[row], Offset.offset(2e-5 * GOLDEN.responseLength(row)));
                }
            }
        }
    }

    @Test
    void rowLongerThanTheGraphTakesIsRefused() {
        long[] zeros = new long[LONGEST_ROW + 1];
        MicroBatch batch = new MicroBatch(
                1,
                zeros.length,
                zeros,
                zeros,
                zeros,
                zeros,
                new long[0],
                new long[0],
                new long[0],
                new int[0],
                new float[0],
                new float[0],
                new float[2]);
        try (OrtPolicy policy = open(HeadSpec.of("dpo"))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> policy.accumulate(batch))
                    .hasMessage("a row of 65 tokens, the graph takes at most 64");
        }
    }

    @Test
    void idsAndPositionsThatTheModelLacksNeverReachTheRuntime() {
        Map<String, Array> inputs = GOLDEN.plainBatch();
        Array ids = inputs.get("input_ids");
        Array targets = inputs.get("target_ids");
        Array positions = inputs.get("position_ids");
        try (OrtPolicy policy = open(HeadSpec.of("dpo"))) {
            inputs.put("input_ids", ids.withValue(3, 97));
            assertRefused(policy, inputs, "input_ids[3] = 97, expected 0 to 96");
            inputs.put("input_ids", ids);
            inputs.put("target_ids", targets.withValue(0, -1));
            assertRefused(policy, inputs, "target_ids[0] = -1, expected 0 to 96");
            inputs.put("target_ids", targets);
            inputs.put("position_ids", positions.withValue(1, 64));
            assertRefused(policy, inputs, "position_ids[1] = 64, expected 0 to 63");
        }
    }

    private static void assertRefused(OrtPolicy policy, Map<String, Array> inputs, String message) {
        MicroBatch batch = Batches.of(inputs);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> policy.accumulate(batch))
                .hasMessage(message);
    }
}

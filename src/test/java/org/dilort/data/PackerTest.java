package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.runtime.MicroBatch;
import org.junit.jupiter.api.Test;

/** Small batches, written out by hand. */
class PackerTest {
    private static final TokenizedPair A =
            new TokenizedPair(5, new int[] {1, 10}, new int[] {20, 2}, new int[] {30, 31, 2});
    private static final TokenizedPair B =
            new TokenizedPair(6, new int[] {1, 11, 12}, new int[] {21, 2}, new int[] {2});
    private static final TokenizedPair CHOSEN_ONLY =
            new TokenizedPair(9, new int[] {1, 13}, new int[] {23, 24, 2}, new int[0]);
    private static final float[] REFERENCE = {-1, -2, -3, -4};

    @Test
    void putsTwoDocumentsIntoOneRow() {
        MicroBatch batch =
                only(packer(13, 100, Layout.SHARED_TRUNK).pack(List.of(A, B), ReferenceScores.ofSums(REFERENCE)));

        assertThat(batch.rows()).isEqualTo(1);
        assertThat(batch.length()).isEqualTo(13);
        //                                             A: trunk, chosen, rejected | B: trunk, chosen, rejected
        assertThat(batch.inputIds()).containsExactly(1, 10, 20, 2, 30, 31, 2, 1, 11, 12, 21, 2, 2);
        assertThat(batch.positionIds()).containsExactly(0, 1, 2, 3, 2, 3, 4, 0, 1, 2, 3, 4, 3);
        assertThat(batch.documentIds()).containsExactly(1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2);
        assertThat(batch.branchIds()).containsExactly(0, 0, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 2);
        // Each trunk's last token, in columns 1 and 9, predicts the first token of both branches.
        assertThat(batch.targetPositions()).containsExactly(1, 2, 1, 4, 5, 9, 10, 9);
        assertThat(batch.targetIds()).containsExactly(20, 2, 30, 31, 2, 21, 2, 2);
        assertThat(batch.targetSequences()).containsExactly(0, 0, 1, 1, 1, 2, 2, 3);
        assertThat(batch.pairIndices()).containsExactly(5, 6);
        assertThat(batch.referenceLogps()).containsExactly(-1, -2, -3, -4);
        assertThat(batch.pairWeights()).containsExactly(0.5f, 0.5f);
        assertThat(batch.stepCounts()).containsExactly(2, 4);
    }

    @Test
    void padsTheShorterRowAndPutsTheLongerOneFirst() {
        MicroBatch batch =
                only(packer(7, 16, Layout.SHARED_TRUNK).pack(List.of(B, A), ReferenceScores.ofSums(REFERENCE)));

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.length()).isEqualTo(7);
        assertThat(batch.inputIds()).containsExactly(1, 10, 20, 2, 30, 31, 2, 1, 11, 12, 21, 2, 2, 0);
        assertThat(batch.positionIds()).containsExactly(0, 1, 2, 3, 2, 3, 4, 0, 1, 2, 3, 4, 3, 0);
        assertThat(batch.documentIds()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
        assertThat(batch.branchIds()).containsExactly(0, 0, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 2, 0);
        assertThat(batch.targetPositions()).containsExactly(1, 2, 1, 4, 5, 9, 10, 9);
        assertThat(batch.targetSequences()).containsExactly(0, 0, 1, 1, 1, 2, 2, 3);
        assertThat(batch.pairIndices()).containsExactly(5, 6);
        assertThat(batch.referenceLogps()).containsExactly(-3, -4, -1, -2);
        assertThat(batch.computedTokens()).isEqualTo(13);
    }

    @Test
    void dividesAStepAndKeepsItsWeightsAndCounts() {
        List<MicroBatch> batches =
                packer(100, 7, Layout.SHARED_TRUNK).pack(List.of(A, B), ReferenceScores.ofSums(REFERENCE));

        assertThat(batches).hasSize(2);
        assertThat(batches.get(0).pairIndices()).containsExactly(5);
        assertThat(batches.get(1).pairIndices()).containsExactly(6);
        assertThat(batches.get(1).targetSequences()).containsExactly(0, 0, 1);
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.pairWeights()).containsExactly(0.5f);
            assertThat(batch.stepCounts()).containsExactly(2, 4);
        });
    }

    @Test
    void laysSequencesOutInRowsOfTheirOwn() {
        MicroBatch batch =
                only(packer(100, 20, Layout.ROW_PER_SEQUENCE).pack(List.of(A, B), ReferenceScores.ofSums(REFERENCE)));

        assertThat(batch.rows()).isEqualTo(4);
        assertThat(batch.length()).isEqualTo(5);
        assertThat(batch.inputIds())
                .containsExactly(1, 10, 20, 2, 0, 1, 10, 30, 31, 2, 1, 11, 12, 21, 2, 1, 11, 12, 2, 0);
        assertThat(batch.positionIds()).containsExactly(0, 1, 2, 3, 0, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 0);
        assertThat(batch.documentIds()).containsExactly(1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
        assertThat(batch.branchIds()).containsExactly(0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 0, 0, 0, 1, 1, 0, 0, 0, 2, 0);
        assertThat(batch.targetPositions()).containsExactly(1, 2, 6, 7, 8, 12, 13, 17);
        assertThat(batch.targetIds()).containsExactly(20, 2, 30, 31, 2, 21, 2, 2);
        assertThat(batch.targetSequences()).containsExactly(0, 0, 1, 1, 1, 2, 2, 3);
        assertThat(batch.pairIndices()).containsExactly(5, 6);
    }

    @Test
    void needsNoRejectedResponse() {
        for (Layout layout : Layout.values()) {
            MicroBatch batch = only(packer(100, 100, layout).pack(List.of(CHOSEN_ONLY)));

            assertThat(batch.inputIds()).containsExactly(1, 13, 23, 24, 2);
            assertThat(batch.branchIds()).containsExactly(0, 0, 1, 1, 1);
            assertThat(batch.targetPositions()).containsExactly(1, 2, 3);
            assertThat(batch.targetSequences()).containsExactly(0, 0, 0);
            assertThat(batch.referenceLogps()).containsExactly(0, 0);
            assertThat(batch.stepCounts()).containsExactly(1, 3);
        }
    }

    @Test
    void refusesNothingToPackAndReferencesOfAnotherNumber() {
        Packer packer = packer(10, 10, Layout.SHARED_TRUNK);

        assertThatThrownBy(() -> packer.pack(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> packer.pack(List.of(A), ReferenceScores.ofSums(REFERENCE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reference log-probabilities of 2 pairs, expected 1");
    }

    @Test
    void refusesBudgetsOfNothing() {
        assertThatThrownBy(() -> packer(0, 10, Layout.SHARED_TRUNK))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.row_tokens: got 0, expected at least 1");
        assertThatThrownBy(() -> packer(10, -1, Layout.SHARED_TRUNK))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.micro_batch_tokens: got -1, expected at least 1");
    }

    @Test
    void refusesPairsWithoutPromptOrChosenResponse() {
        assertThatThrownBy(() -> new TokenizedPair(3, new int[0], new int[] {1}, new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("pair 3: trunk has 0 tokens");
        assertThatThrownBy(() -> new TokenizedPair(3, new int[] {1}, new int[0], new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Packer packer(int rowTokens, int microBatchTokens, Layout layout) {
        return new Packer(new PackOptions(rowTokens, microBatchTokens, layout));
    }

    private static MicroBatch only(List<MicroBatch> batches) {
        assertThat(batches).hasSize(1);
        return batches.get(0);
    }
}

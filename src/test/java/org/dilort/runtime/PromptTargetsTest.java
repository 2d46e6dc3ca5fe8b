package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PromptTargetsTest {

    /** Row 0: trunk 5 6 7, chosen 1, rejected 2, then trunk 8 9, chosen 3; row 1: trunk 4, chosen 1 1, padding. */
    private static MicroBatch batch(long... branchIds) {
        return new MicroBatch(
                2,
                8,
                new long[] {5, 6, 7, 1, 2, 8, 9, 3, 4, 1, 1, 0, 0, 0, 0, 0},
                new long[16],
                new long[] {1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 0, 0, 0, 0, 0},
                branchIds,
                new long[] {2, 2, 6, 8, 9},
                new long[] {1, 2, 3, 1, 1},
                new long[] {2, 3, 0, 4, 4},
                new int[] {10, 11, 12},
                new float[6],
                new float[3],
                new float[2]);
    }

    private static final long[] BRANCHES = {0, 0, 0, 1, 2, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0};

    /** Pair 1 stands first in row 0, pair 0 second; a trunk of one token has nothing to predict. */
    @Test
    void predictsEachTokenOfATrunkButTheFirst() {
        PromptTargets targets = PromptTargets.of(batch(BRANCHES));
        assertThat(targets.positions()).containsExactly(5, 0, 1);
        assertThat(targets.ids()).containsExactly(9, 6, 7);
        assertThat(targets.pairs()).containsExactly(0, 1, 1);
    }

    /** The last token of pair 1's prompt is its chosen prompt's alone; it is predicted like the trunk's. */
    @Test
    void predictsWhatTheChosenPromptHasBeyondTheTrunk() {
        long[] branches = BRANCHES.clone();
        branches[2] = 1;
        PromptTargets targets = PromptTargets.of(batch(branches));
        assertThat(targets.positions()).containsExactly(5, 0, 1);
        assertThat(targets.ids()).containsExactly(9, 6, 7);
    }

    @Test
    void refusesAChosenTargetBehindARejectedToken() {
        long[] branches = BRANCHES.clone();
        branches[8] = 2;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromptTargets.of(batch(branches)))
                .withMessage("pair 2 has no chosen target behind a prompt");
    }
}

package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.Test;

class SftTest extends HeadContract {

    SftTest() {
        super("sft");
    }

    @Override
    List<String> goldens(Reduction reduction) {
        return List.of();
    }

    @Override
    int[] signs() {
        return new int[] {-1, 0};
    }

    /** Chosen -6 over 3 tokens and -2 over 1: the mean over 4 tokens is 8 / 4 = 2, so is the mean of pair losses. */
    @Test
    void meanOfPairLossesIsTheMeanOverTokens() {
        Batch batch = new Batch(new double[] {-6, -9, -2, -1}, new double[4], new double[] {3, 5, 1, 2});
        Result result = run(HeadSpec.of("sft"), batch);
        assertThat(result.losses()).containsExactly(6 * 2 / 4.0, 2 * 2 / 4.0);
        assertThat(result.gradients()).containsExactly(-0.5, 0, -0.5, 0);
        assertThat(result.rewards()).containsExactly(-6, -9, -2, -1);
    }

    /** One pair of a step of 2 pairs and 4 tokens gives what it gave beside the other. */
    @Test
    void countsAreThoseOfTheStep() {
        try (HeadRunner runner = new HeadRunner(HeadSpec.of("sft"))) {
            Batch alone = new Batch(new double[] {-2, -1}, new double[2], new double[] {1, 2});
            assertThat(runner.run(alone, 2, 4).losses()).containsExactly(1);
            assertThat(runner.run(alone, 1, 1).losses()).containsExactly(2);
        }
    }

    @Test
    void referenceAndRejectedDoNotMatter() {
        Batch batch = new Batch(new double[] {-6, -9}, new double[] {-1, -2}, new double[] {3, 5});
        Batch other = new Batch(new double[] {-6, -400}, new double[] {-100, 0}, new double[] {3, 0});
        Result result = run(HeadSpec.of("sft"), batch);
        Result same = run(HeadSpec.of("sft"), other);
        assertThat(same.losses()).containsExactly(result.losses()[0]);
        assertThat(same.gradients()).containsExactly(result.gradients(), Offset.offset(0.0));
        assertThat(head.needsReference()).isFalse();
        assertThat(head.needsRejected()).isFalse();
    }
}

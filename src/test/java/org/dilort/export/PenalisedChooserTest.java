package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class PenalisedChooserTest {
    private static final Sampling.TokenChooser GREEDY = new Sampling.Greedy().chooser(0);

    /** Prompt {0}, penalty 2: logit 4 of token 0 is 2, less than token 1's 3; then that is 1.5, and token 0 wins again. */
    @Test
    void positiveLogitsOfSeenTokensAreDivided() {
        PenalisedChooser chooser = new PenalisedChooser(GREEDY, 2, new int[] {0});
        FloatBuffer logits = FloatBuffer.wrap(new float[] {4, 3, -1});

        assertThat(chooser.choose(logits)).isEqualTo(1);
        assertThat(chooser.choose(logits)).isEqualTo(0);
        assertThat(logits.array()).containsExactly(4, 3, -1);
    }

    /** Prompt {1}, penalty 3: -1 becomes -3, so token 0 with -2 is the best. */
    @Test
    void negativeLogitsAreMultiplied() {
        PenalisedChooser chooser = new PenalisedChooser(GREEDY, 3, new int[] {1});

        assertThat(chooser.choose(FloatBuffer.wrap(new float[] {-2, -1, -2.5f})))
                .isEqualTo(0);
    }
}

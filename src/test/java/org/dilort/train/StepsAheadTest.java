package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StepsAheadTest {
    private final List<Long> asked = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch second = new CountDownLatch(1);

    private StepSource source(long steps) {
        return new StepSource() {
            @Override
            public long steps() {
                return steps;
            }

            @Override
            public Step step(long number) {
                asked.add(number);
                if (number == 2) {
                    second.countDown();
                }
                if (number == 13) {
                    throw new DataException("step 13 is broken");
                }
                return new Step(number, 1, List.of(Fakes.pairs(2, 1, 2)), 4, 4);
            }
        };
    }

    @Test
    void theNextStepIsMadeWhileThisOneIsTrained() throws InterruptedException {
        try (StepsAhead ahead = new StepsAhead(source(3))) {
            assertThat(ahead.step(1).number()).isEqualTo(1);
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(ahead.step(2).number()).isEqualTo(2);
            assertThat(ahead.step(3).number()).isEqualTo(3);
        }
        assertThat(asked).containsExactly(1L, 2L, 3L);
    }

    @Test
    void beginsAnywhere() {
        try (StepsAhead ahead = new StepsAhead(source(9))) {
            assertThat(ahead.step(7).number()).isEqualTo(7);
            assertThat(ahead.step(8).number()).isEqualTo(8);
        }
        assertThat(asked).startsWith(7L, 8L).doesNotContain(1L, 2L);
    }

    /** What goes wrong is told when the step's turn comes, as if nothing had been made ahead. */
    @Test
    void aFailureComesInItsTurn() {
        try (StepsAhead ahead = new StepsAhead(source(20))) {
            assertThat(ahead.step(12).number()).isEqualTo(12);
            assertThatThrownBy(() -> ahead.step(13))
                    .isInstanceOf(DataException.class)
                    .hasMessage("step 13 is broken");
        }
    }
}

package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
    private static Objective of(String... heads) {
        return new Objective(java.util.Arrays.stream(heads)
                .map(head -> new Objective.Term(HeadSpec.of(head), 1))
                .toList());
    }

    @Test
    void needsWhatAnyHeadNeeds() {
        assertThat(of("sft").needsReference()).isFalse();
        assertThat(of("sft").needsRejected()).isFalse();
        assertThat(of("sft", "dpo").needsReference()).isTrue();
        assertThat(of("sft", "simpo").needsRejected()).isTrue();
        assertThat(of("sft", "simpo").needsReference()).isFalse();
    }

    @Test
    void seesTheStepAsSoonAsOneHeadDoes() {
        assertThat(of("lsif", "sft").scope()).isEqualTo(Scope.PAIR);
        assertThat(of("lsif", "aot").scope()).isEqualTo(Scope.STEP);
    }

    @Test
    void isDifferentiatedByWhatTheHeadsLookAt() {
        assertThat(of("lsif", "bco").carriers()).containsExactly("policy_logps");
        assertThat(of("orpo_full", "ld_dpo", "wpo").carriers())
                .containsExactly("policy_logps", "token_logps", "prompt_logps");
    }

    @Test
    void refusesNothingAndWeightsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Objective(List.of()));
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Objective.Term(HeadSpec.of("dpo"), weight))
                    .withMessage("weight " + weight + ", expected a finite number > 0");
        }
    }
}

package org.dilort.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of pairs before the first step. */
class DataRulesTest {

    private static List<TokenizedPair> pairs(int count, int chosen, int rejected) {
        List<TokenizedPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new TokenizedPair(i, new int[] {1}, new int[chosen], new int[rejected]));
        }
        return pairs;
    }

    private static Optional<Remark> lengths(String head, Reduction reduction, List<TokenizedPair> pairs) {
        Objective objective = Objective.of(new HeadSpec(Heads.named(head), reduction, Map.of()));
        return new LengthRule(objective, pairs).atStart();
    }

    @Test
    void lengthsThatDifferAreNoted() {
        assertThat(lengths("dpo", Reduction.SUM, pairs(100, 150, 100))).hasValueSatisfying(remark -> {
            assertThat(remark.name()).isEqualTo("length-bias");
            assertThat(remark.severity()).isEqualTo(Severity.NOTE);
            assertThat(remark.text())
                    .startsWith("chosen responses have 150 tokens on average, rejected ones 100")
                    .contains("to write more", "head.reduction mean");
        });
        assertThat(lengths("lsif", Reduction.SUM, pairs(100, 20, 31)))
                .hasValueSatisfying(remark -> assertThat(remark.text()).contains("to write less"));
    }

    @ParameterizedTest
    @CsvSource({
        "dpo, MEAN, 100, 150, 100",
        "dpo, SUM, 99, 150, 100",
        "dpo, SUM, 100, 149, 100",
        "dpo, SUM, 100, 5, 1",
        "sft, SUM, 100, 150, 0",
        "simpo, MEAN, 100, 150, 100"
    })
    void otherLengthsAreNot(String head, Reduction reduction, int count, int chosen, int rejected) {
        assertThat(lengths(head, reduction, pairs(count, chosen, rejected))).isEmpty();
    }

    @Test
    void identicalPairsAreCounted() {
        List<TokenizedPair> pairs = List.of(
                new TokenizedPair(0, new int[] {1}, new int[] {2, 3}, new int[] {2, 3}),
                new TokenizedPair(1, new int[] {1}, new int[] {2, 3}, new int[] {2, 4}),
                new TokenizedPair(2, new int[] {1}, new int[] {2, 3}, new int[] {2, 3}).withoutRejected());

        assertThat(IdenticalPairs.in(pairs)).hasValueSatisfying(remark -> {
            assertThat(remark.name()).isEqualTo("identical-pairs");
            assertThat(remark.text()).startsWith("1 of 3 training pairs have the same tokens on both sides");
        });
        assertThat(IdenticalPairs.in(pairs.subList(1, 3))).isEmpty();
    }
}

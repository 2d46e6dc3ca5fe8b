package org.dilort.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.dilort.data.Prompt;
import org.dilort.eval.Interval;
import org.dilort.eval.TaskResult;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;

class WinRateTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);

    private record Round(String a, String b, Ruling ruling) {}

    private static Comparison comparison(String a, String b) {
        return new Comparison(new Prompt(new SourceLine(Path.of("p"), 1), "q", List.of()), a, b);
    }

    private static TaskResult result(List<Round> rounds) {
        WinRate rate = new WinRate();
        rounds.forEach(round -> rate.add(
                comparison(round.a(), round.b()),
                new WinRate.Lengths(round.a().length(), round.b().length()),
                round.ruling()));
        return rate.result("t", 3);
    }

    /** Asked for a judge's answer by how the pair is laid before it. */
    private record Scripted(Verdict first, Verdict second) implements Judge {
        @Override
        public Verdict judge(Comparison comparison) {
            return comparison.a().equals("x") ? first : second;
        }

        @Override
        public void close() {}
    }

    private static Ruling ruling(Verdict first, Verdict second) {
        return new Scripted(first, second).inBothOrders(comparison("x", "y"));
    }

    @Test
    void aVerdictIsWhatBothOrdersSay() {
        assertThat(ruling(Verdict.A, Verdict.B).verdict()).isEqualTo(Verdict.A);
        assertThat(ruling(Verdict.B, Verdict.A).verdict()).isEqualTo(Verdict.B);
        assertThat(ruling(Verdict.TIE, Verdict.TIE).verdict()).isEqualTo(Verdict.TIE);
        assertThat(ruling(Verdict.A, Verdict.A)).isEqualTo(new Ruling(Verdict.A, Verdict.B));
        assertThat(ruling(Verdict.A, Verdict.A).verdict()).isEqualTo(Verdict.TIE);
        assertThat(ruling(Verdict.A, Verdict.TIE).verdict()).isEqualTo(Verdict.TIE);
        assertThat(ruling(Verdict.UNREADABLE, Verdict.UNREADABLE).verdict()).isEqualTo(Verdict.TIE);
        assertThat(ruling(Verdict.A, Verdict.UNREADABLE).verdict()).isEqualTo(Verdict.TIE);
    }

    /**
     * Two wins, a loss, a changed mind and an unreadable judge: (1 + 1 + 0 + 0.5 + 0.5) / 5. Of the decided three, the longer answer won
     * in the first and lost in the second; the third has two of one length.
     */
    @Test
    void everyNumberOfFiveRounds() {
        Ruling win = new Ruling(Verdict.A, Verdict.A);
        TaskResult result = result(List.of(
                new Round("aaa", "b", win),
                new Round("a", "bb", win),
                new Round("a", "b", new Ruling(Verdict.B, Verdict.B)),
                new Round("aa", "b", new Ruling(Verdict.A, Verdict.B)),
                new Round("a", "b", new Ruling(Verdict.UNREADABLE, Verdict.A))));

        assertThat(result.samples()).isEqualTo(5);
        assertThat(result.value("win_rate")).isCloseTo(0.6, within(1e-15));
        assertThat(result.value("decided_win_rate")).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(result.value("decided_win_rate_ci_low"))
                .isEqualTo(Interval.wilson(2, 3).low());
        assertThat(result.value("win_rate_ci_low"))
                .isEqualTo(
                        Interval.bootstrap(new double[] {1, 1, 0, 0.5, 0.5}, 3).low());
        assertThat(result.value("n_wins")).isEqualTo(2);
        assertThat(result.value("n_wins_base")).isEqualTo(1);
        assertThat(result.value("n_draws")).isEqualTo(2);
        assertThat(result.value("n_changed")).isEqualTo(1);
        assertThat(result.value("n_unreadable")).isEqualTo(1);
        assertThat(result.value("avg_length")).isCloseTo(8 / 5.0, within(1e-15));
        assertThat(result.value("avg_tokens_base")).isCloseTo(6 / 5.0, within(1e-15));
        assertThat(result.value("longer_wins")).isEqualTo(0.5);
    }

    @Test
    void exchangedModelsHaveTheOtherRate() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Round> rounds = new ArrayList<>();
        List<Round> exchanged = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Verdict first = Verdict.values()[random.nextInt(4)];
            Verdict second = Verdict.values()[random.nextInt(4)];
            String a = "x".repeat(random.nextInt(4));
            String b = "y".repeat(random.nextInt(4));
            rounds.add(new Round(a, b, new Ruling(first, second)));
            exchanged.add(new Round(b, a, new Ruling(second.swapped(), first.swapped())));
        }
        TaskResult before = result(rounds);
        TaskResult other = result(exchanged);
        Collections.shuffle(rounds, new Random(SEED));

        assertThat(other.value("win_rate")).as("seed %d", SEED).isCloseTo(1 - before.value("win_rate"), within(1e-12));
        assertThat(other.value("n_draws")).isEqualTo(before.value("n_draws"));
        assertThat(other.value("longer_wins")).isEqualTo(before.value("longer_wins"));
        assertThat(result(rounds).value("win_rate")).isCloseTo(before.value("win_rate"), within(1e-12));
    }
}

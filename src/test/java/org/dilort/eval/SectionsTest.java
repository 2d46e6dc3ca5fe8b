package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.data.TokenizedPair;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionsTest {
    @TempDir
    private Path temp;

    private static final PairTask TASK = new PairTask("rb", new None(), new PairTask.Reference.None());

    private record None() implements SequenceScorer {
        @Override
        public List<PairScore> score(List<TokenizedPair> pairs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<TokenLogps> tokenLogps(List<TokenizedPair> pairs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static TaskResult result(String subset, long right, long pairs) {
        return new TaskResult.Values().put("acc", Share.of(right, pairs)).result("rb_" + subset, 0, pairs);
    }

    /**
     * The example of RewardBench's README. Chat weighs by pairs: (50 + 56 + 67 + 16 + 29) / (100 + 95 + 95 + 28 + 40) = 218 / 358.
     * Reasoning weighs math-prm, 132 of 447, as much as the six code subsets of 164: (984 * 132 / 447 + 103 + 104 + 116 + 109 + 90
     * + 94) / 1968.
     */
    @Test
    void rewardBenchsSectionsAreItsOwn() {
        Map<String, long[]> counts = Map.ofEntries(
                Map.entry("alpacaeval-easy", new long[] {50, 100}),
                Map.entry("alpacaeval-length", new long[] {56, 95}),
                Map.entry("alpacaeval-hard", new long[] {67, 95}),
                Map.entry("mt-bench-easy", new long[] {16, 28}),
                Map.entry("mt-bench-med", new long[] {29, 40}),
                Map.entry("math-prm", new long[] {132, 447}),
                Map.entry("hep-cpp", new long[] {103, 164}),
                Map.entry("hep-go", new long[] {104, 164}),
                Map.entry("hep-java", new long[] {116, 164}),
                Map.entry("hep-js", new long[] {109, 164}),
                Map.entry("hep-python", new long[] {90, 164}),
                Map.entry("hep-rust", new long[] {94, 164}));
        List<TaskResult> results = new ArrayList<>();
        counts.forEach((subset, count) -> results.add(result(subset, count[0], count[1])));
        Sections sections = Sections.read(Path.of("examples/reward-bench/sections.json"));

        List<TaskResults.Group> groups = sections.of(TASK, results);

        double chat = 218 / 358.0;
        double reasoning = (984 * 132 / 447.0 + 616) / 1968;
        assertThat(groups).extracting(group -> group.result().name()).containsExactly("Chat", "Reasoning", "score");
        assertThat(groups.get(0).result().value("acc")).isCloseTo(chat, within(1e-12));
        assertThat(groups.get(1).result().value("acc")).isCloseTo(reasoning, within(1e-12));
        assertThat(groups.get(2).result().value("acc")).isCloseTo((chat + reasoning) / 2, within(1e-12));
        assertThat(groups.get(0).members()).hasSize(5).contains("rb_alpacaeval-hard");
        assertThat(sections.missing(TASK, results)).hasSize(11).contains("donotanswer", "mt-bench-hard");
    }

    /** Shares 1/4 and 3/4 of errors 0.25 (3 of 4) and 0: 0.0625. */
    @Test
    void anAverageHasItsError() throws IOException {
        Path file = Files.writeString(temp.resolve("s.json"), "{\"S\": {\"a\": 1, \"b\": 3}}");

        TaskResult average = Sections.read(file)
                .of(TASK, List.of(result("a", 3, 4), result("b", 5, 5)))
                .get(0)
                .result();

        assertThat(average.value("acc")).isCloseTo(0.25 * 0.75 + 0.75, within(1e-15));
        assertThat(average.value("acc_stderr")).isCloseTo(0.0625, within(1e-15));
        assertThat(average.samples()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                        | expected {\"section\"",
                "{}                        | expected {\"section\"",
                "{\"A\": 3}                | A: expected",
                "{\"A\": []}               | A: expected",
                "{\"A\": [1]}              | A: expected",
                "{\"A\": {\"b\": 0}}       | A.b: expected",
                "{\"A\": {\"b\": \"x\"}}   | A.b: expected",
                "{\"A\": [\"b\"]            | not JSON"
            })
    void whatIsWrongIsNamed(String content, String message) throws IOException {
        Path file = Files.writeString(temp.resolve("s.json"), content);

        assertThatThrownBy(() -> Sections.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
        assertThatThrownBy(() -> Sections.read(temp.resolve("none.json")))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("not readable: there is no such file");
    }
}

package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.dilort.config.DataSource;
import org.dilort.config.EvalSource;
import org.dilort.config.Limit;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairLoaderTest {

    @TempDir
    private Path folder;

    @Test
    void numbersPairsThroughAllFilesAndLeavesDroppedOnesOut() throws IOException {
        write(
                "a.jsonl",
                "{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}\n\n"
                        + "{'prompt': 'long prompt', 'chosen': 'a', 'rejected': 'b'}");
        write("b.jsonl", "{'prompt_ids': [9, 9], 'chosen_ids': [8, 2], 'rejected_ids': [8, 2]}\n");

        PairDataset dataset = loader(RejectedUse.REQUIRED).load(List.of(folder));

        assertThat(dataset.pairs()).extracting(TokenizedPair::index).containsExactly(0L, 2L);
        assertThat(dataset.report()).isEqualTo(new DataReport(3, 2, 1, 0, 0, 1, 0, 16, 12));
        assertThat(dataset.report().summary())
                .isEqualTo("2 pairs, 16 tokens (12 computed), 1 dropped as too long, 1 with identical responses");
    }

    @Test
    void needsNoTokenizerForTokenIds() throws IOException {
        write("a.jsonl", "{'prompt_ids': [9], 'chosen_ids': [8]}");
        try (Tokenizer missing = Tokenizer.open(folder)) {
            PairTokenizer tokenizer = new PairTokenizer(missing, 10, limits());

            assertThat(new PairLoader(tokenizer, RejectedUse.OPTIONAL)
                            .load(List.of(folder))
                            .pairs())
                    .hasSize(1);
        }
    }

    @Test
    void stopsAtTheFirstWrongLine() throws IOException {
        write("a.jsonl", "{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}\n{'prompt': 'q'}\n");

        assertThatThrownBy(() -> loader(RejectedUse.REQUIRED).load(List.of(folder)))
                .isInstanceOf(DataException.class)
                .hasMessage(folder.resolve("a.jsonl") + ":2: chosen: missing; this row has prompt");
    }

    @Test
    void refusesADataSetWithoutPairs() throws IOException {
        write("a.jsonl", "\n\n");
        assertThatThrownBy(() -> loader(RejectedUse.REQUIRED).load(List.of(folder)))
                .isInstanceOf(DataException.class)
                .hasMessage("[" + folder + "]: no pairs; 0 read, 0 dropped as too long");

        write("a.jsonl", "{'prompt': 'long prompt', 'chosen': 'a', 'rejected': 'b'}");
        assertThatThrownBy(() -> loader(RejectedUse.REQUIRED).load(List.of(folder)))
                .hasMessage("[" + folder + "]: no pairs; 1 read, 1 dropped as too long");
    }

    @Test
    void takesTheFirstPairsOfASourceWithALimit() throws IOException {
        writeMany("a.jsonl", 10);
        writeMany("b.jsonl", 10);

        PairDataset dataset = loader(RejectedUse.REQUIRED)
                .load(plan(0, new DataSource(folder.resolve("a.jsonl"), 1, Limit.of(3)), source("b.jsonl")))
                .train();

        assertThat(dataset.pairs()).hasSize(13);
        assertThat(dataset.files()).extracting(FileReport::rows).containsExactly(10L, 10L);
    }

    @Test
    void seesPairsAsOftenAsTheirWeightSays() throws IOException {
        writeMany("a.jsonl", 400);

        assertThat(weighted(2)).hasSize(800);
        assertThat(weighted(0.25)).hasSizeBetween(60, 140);
        assertThat(weighted(1.5)).hasSizeBetween(540, 660);
        assertThat(weighted(1.5)).extracting(TokenizedPair::index).doesNotHaveDuplicates();
        assertThat(trunks(weighted(0.25))).isSubsetOf(trunks(weighted(0.5)));
    }

    @Test
    void holdsTheSamePromptsOutWhateverTheOrderAndTheNumberOfResponses() throws IOException {
        writeMany("a.jsonl", 500);
        write("b.jsonl", "{'prompt': 'q7', 'chosen': 'c', 'rejected': 'd'}\n");

        SplitDataset forwards = loader(RejectedUse.REQUIRED).load(plan(0.2, source("a.jsonl"), source("b.jsonl")));
        SplitDataset backwards = loader(RejectedUse.REQUIRED).load(plan(0.2, source("b.jsonl"), source("a.jsonl")));

        assertThat(forwards.heldOut().pairs()).hasSizeBetween(70, 130);
        assertThat(forwards.train().pairs().size() + forwards.heldOut().pairs().size())
                .isEqualTo(501);
        assertThat(trunks(forwards.heldOut().pairs()))
                .containsExactlyInAnyOrderElementsOf(trunks(backwards.heldOut().pairs()))
                .doesNotContainAnyElementsOf(trunks(forwards.train().pairs()));
    }

    @Test
    void refusesASplitThatHoldsNothingOut() throws IOException {
        write("a.jsonl", "{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}");

        assertThatThrownBy(() -> loader(RejectedUse.REQUIRED).load(plan(1e-9, source("a.jsonl"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("data.eval_split 1.0E-9 holds out none of 1 examples");
    }

    @Test
    void keepsTheOrderAndTheFirstErrorWhateverTheThreads() throws IOException {
        writeMany("a.jsonl", 1000);
        write("b.jsonl", "{'prompt_ids': [9], 'chosen_ids': [999], 'rejected_ids': [1]}\n{'prompt': 1}\n");
        PairTokenizer tokenizer = new PairTokenizer(FakeTokenizer.withBosAndEos(), FakeTokenizer.VOCABULARY, limits());
        PairLoader loader = new PairLoader(tokenizer, new ExampleReader(RejectedUse.REQUIRED), 3);

        assertThat(loader.load(List.of(folder.resolve("a.jsonl"))).pairs())
                .extracting(TokenizedPair::index)
                .isSorted()
                .hasSize(1000);
        assertThatThrownBy(() -> loader.load(List.of(folder)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve("b.jsonl") + ":1: chosen token 0: got id 999");
    }

    /** Of b.jsonl the second pair is longer than 8 tokens and dropped, so positions and numbers part after it. */
    @Test
    void findsHeldOutPairsByTheNameOfTheirSource() throws IOException {
        writeMany("train.jsonl", 2);
        writeMany("a.jsonl", 2);
        write(
                "b.jsonl",
                "{'prompt_ids': [9], 'chosen_ids': [1], 'rejected_ids': [2]}\n"
                        + "{'prompt_ids': [9], 'chosen_ids': [1, 1, 1, 1, 1, 1, 1, 1], 'rejected_ids': [2]}\n"
                        + "{'prompt_ids': [9], 'chosen_ids': [3], 'rejected_ids': [2]}\n");
        writeMany("c.jsonl", 1);

        SplitDataset split = loader(RejectedUse.REQUIRED)
                .load(heldOut(evalSource("a", "x"), evalSource("b", "y"), evalSource("c", ""), evalSource("a", "x")));

        assertThat(split.heldOut().pairs()).hasSize(7);
        assertThat(split.named()).containsOnlyKeys("x", "y");
        assertThat(split.named().get("x")).containsExactly(0, 1, 5, 6);
        assertThat(split.named().get("y")).containsExactly(2, 3);
    }

    @Test
    void refusesANameOfWhichNoPairIsLeft() throws IOException {
        writeMany("a.jsonl", 2);
        write("b.jsonl", "{'prompt_ids': [9], 'chosen_ids': [1, 1, 1, 1, 1, 1, 1, 1], 'rejected_ids': [2]}\n");
        writeMany("train.jsonl", 2);

        assertThatThrownBy(() -> loader(RejectedUse.REQUIRED).load(heldOut(evalSource("a", "x"), evalSource("b", "y"))))
                .isInstanceOf(DataException.class)
                .hasMessage("data.eval: no pairs of the name y, expected 1 or more; 1 of all were dropped as too long");
    }

    private DataPlan heldOut(EvalSource... sources) {
        return new DataPlan(List.of(source("train.jsonl")), 0, List.of(sources));
    }

    private EvalSource evalSource(String file, String name) {
        return new EvalSource(folder.resolve(file + ".jsonl"), name);
    }

    private List<TokenizedPair> weighted(double weight) {
        return loader(RejectedUse.REQUIRED)
                .load(plan(0, new DataSource(folder.resolve("a.jsonl"), weight, Limit.none())))
                .train()
                .pairs();
    }

    private static List<String> trunks(List<TokenizedPair> pairs) {
        return pairs.stream()
                .map(pair -> Arrays.toString(pair.trunk()))
                .distinct()
                .toList();
    }

    private static DataPlan plan(double heldOutShare, DataSource... sources) {
        return new DataPlan(List.of(sources), heldOutShare, List.of());
    }

    private DataSource source(String name) {
        return DataSource.of(folder.resolve(name));
    }

    private void writeMany(String name, int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("{'prompt': 'q").append(i).append("', 'chosen': 'a', 'rejected': 'b'}\n");
        }
        write(name, lines.toString());
    }

    private static PairLoader loader(RejectedUse rejected) {
        return new PairLoader(
                new PairTokenizer(FakeTokenizer.withBosAndEos(), FakeTokenizer.VOCABULARY, limits()), rejected);
    }

    private static TokenLimits limits() {
        return new TokenLimits(8, TokenLimits.NO_LIMIT, Truncation.DROP);
    }

    private void write(String name, String lines) throws IOException {
        Files.writeString(folder.resolve(name), lines.replace('\'', '"'));
    }
}

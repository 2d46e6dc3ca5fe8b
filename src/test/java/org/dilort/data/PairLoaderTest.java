package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

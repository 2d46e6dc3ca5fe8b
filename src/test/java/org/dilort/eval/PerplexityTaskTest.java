package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.dilort.error.DataException;
import org.dilort.export.DecoderScorer;
import org.dilort.export.TestModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerplexityTaskTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);

    @TempDir
    private Path temp;

    private static List<String> windows(int tokens, int positions) {
        int[] ids = IntStream.range(0, tokens).toArray();
        return new RollingWindows(99, positions)
                .of(ids).stream()
                        .map(window -> Arrays.toString(window.trunk()) + " -> " + Arrays.toString(window.chosen()))
                        .toList();
    }

    /**
     * By hand, after the harness's get_rolling_token_windows with context_len 1 and its make_disjoint_window: a window feeds three
     * tokens, the last of which predicts the third.
     */
    @Test
    void windowsAreThoseOfTheHarness() {
        assertThat(windows(9, 3)).containsExactly("[99] -> [0, 1, 2]", "[2] -> [3, 4, 5]", "[5] -> [6, 7, 8]");
        assertThat(windows(8, 3)).containsExactly("[99] -> [0, 1, 2]", "[2] -> [3, 4, 5]", "[4, 5] -> [6, 7]");
        assertThat(windows(4, 3)).containsExactly("[99] -> [0, 1, 2]", "[0, 1, 2] -> [3]");
        assertThat(windows(2, 3)).containsExactly("[99] -> [0, 1]");
        assertThat(windows(3, 1)).containsExactly("[99] -> [0]", "[0] -> [1]", "[1] -> [2]");
        assertThat(windows(0, 3)).isEmpty();
    }

    @Test
    void everyTokenIsPredictedOnceInAWindowThatFits() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 300; i++) {
            int[] ids = random.ints(random.nextInt(1, 60), 0, 40).toArray();
            int positions = random.nextInt(1, 20);
            List<Integer> predicted = new ArrayList<>();
            for (TokenizedPair window : new RollingWindows(7, positions).of(ids)) {
                assertThat(window.documentTokens()).as("seed %d", SEED).isLessThanOrEqualTo(positions + 1);
                if (!predicted.isEmpty()) {
                    assertThat(window.documentTokens()).as("seed %d", SEED).isEqualTo(positions + 1);
                }
                Arrays.stream(window.chosen()).forEach(predicted::add);
            }
            assertThat(predicted)
                    .as("seed %d", SEED)
                    .containsExactlyElementsOf(Arrays.stream(ids).boxed().toList());
        }
    }

    private Path model() {
        return TestModels.random(temp.resolve("model"), 5, config -> {});
    }

    /**
     * With windows of one position each token is predicted from the one before alone. All 32 positions are used at once too: the
     * last token of a full window is predicted, but not fed.
     */
    @Test
    void windowsAreScoredAsTheyAreCut() {
        int[] ids = new SplittableRandom(SEED).ints(70, 0, 40).toArray();
        try (DecoderScorer scorer = ModelFolder.open(model()).decoderScorer(TestModels.ONE_THREAD)) {
            for (int positions : new int[] {1, 5, 32}) {
                double expected = new RollingWindows(3, positions)
                        .of(ids).stream()
                                .mapToDouble(window -> scorer.sequenceLogps(List.of(window))[0])
                                .sum();
                PerplexityTask task = new PerplexityTask(CodeTokenizer.withBos(3), scorer, positions);
                task.add(CodeTokenizer.text(ids));

                TaskResult result = task.result("t");

                // one word, three bytes a token
                assertThat(Math.log(result.value("word_perplexity"))).isCloseTo(-expected, within(1e-3));
                assertThat(Math.log(result.value("byte_perplexity"))).isCloseTo(-expected / 210, within(1e-6));
                assertThat(result.value("bits_per_byte")).isCloseTo(-expected / 210 / Math.log(2), within(1e-6));
                assertThat(result.value("bits_per_byte_stderr")).isNaN();
                assertThat(result.samples()).isEqualTo(1);
            }
        }
    }

    @Test
    void theOrderOfDocumentsDoesNotMatter() {
        try (DecoderScorer scorer = ModelFolder.open(model()).decoderScorer(TestModels.ONE_THREAD)) {
            PerplexityTask forward = new PerplexityTask(CodeTokenizer.withBos(3), scorer, 8);
            PerplexityTask backward = new PerplexityTask(CodeTokenizer.withBos(3), scorer, 8);
            for (int i = 0; i < 9; i++) {
                forward.add(CodeTokenizer.text(i, i + 1, i + 2));
                backward.add(CodeTokenizer.text(8 - i, 9 - i, 10 - i));
            }
            assertThat(forward.result("t").value("bits_per_byte"))
                    .isCloseTo(backward.result("t").value("bits_per_byte"), within(1e-6));
        }
    }

    /** Python: len(re.split(r"\\s+", text)). */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {"'',1", "a,1", "' a',2", "'a b  c',3", "'a\u00a0b\u2003c ',4"})
    void wordsAreCountedAsPythonSplits(String text, int words) {
        assertThat(PerplexityTask.words(text)).isEqualTo(words);
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        try (DecoderScorer scorer = ModelFolder.open(model()).decoderScorer(TestModels.ONE_THREAD)) {
            CodeTokenizer tokenizer = CodeTokenizer.withBos(3);
            assertThatThrownBy(() -> new PerplexityTask(tokenizer, scorer, 33))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("--max-length: got 33, expected 1 to 32 (max_position_embeddings)");
            assertThatThrownBy(() -> new PerplexityTask(CodeTokenizer.withoutSpecialTokens(), scorer, 8))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("neither a begin nor an end of sequence");
            PerplexityTask task = new PerplexityTask(tokenizer, scorer, 8);
            task.add("");
            assertThatThrownBy(() -> task.result("t"))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("t: no text");
            assertThatThrownBy(() -> task.add(CodeTokenizer.text(1, 40)))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("document 2: got id 40, expected 0 to 39");
        }
    }

    @Test
    void textsAreRowsOrWholeFiles() throws IOException {
        Path rows = Files.writeString(temp.resolve("a.jsonl"), "{\"page\": \"one\"}\n{\"page\": \"two\"}\n");
        Path whole = Files.writeString(temp.resolve("a.txt"), "{one\n\ntwo");
        List<String> texts = new ArrayList<>();

        TextDocuments.read(rows, "page", texts::add);
        TextDocuments.read(whole, "page", texts::add);

        assertThat(texts).containsExactly("one", "two", "{one\n\ntwo");
    }

    @Test
    void brokenTextsAreNamedWithTheirLine() throws IOException {
        Path rows = Files.writeString(temp.resolve("a.jsonl"), "{\"text\": \"one\"}\n{\"text\": 2}\n");
        Path broken = Files.writeString(temp.resolve("b.jsonl"), "{\"text\": \"one\"}\n{\"text\n");
        Path binary = Files.write(temp.resolve("a.txt"), new byte[] {'a', (byte) 0xff});

        assertRefused(rows, rows + ":2: text: got number, expected a text");
        assertRefused(broken, broken + ":2: not JSON");
        assertRefused(binary, binary + ": not UTF-8");
        assertRefused(temp.resolve("none.txt"), temp.resolve("none.txt") + ": no such file");
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> TextDocuments.read(file, "text", text -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(message);
    }
}

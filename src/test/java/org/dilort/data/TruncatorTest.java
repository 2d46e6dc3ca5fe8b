package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.dilort.error.ConfigException;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Trunks are BOS = 1 and then 11, 12, ..; chosen responses 21, 22, ..; rejected ones 31, 32, ... */
class TruncatorTest {
    private static final int BOS = 1;
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 4);

    private final DataTally tally = new DataTally();

    @ParameterizedTest
    @CsvSource({
        // trunk, chosen, rejected; limits; what is left. The longer response, of 3, leaves the trunk 5 of 8, then 1 of
        // 4.
        "5, 3, 2,  8, 99,  '[1, 11, 12, 13, 14]', '[21, 22, 23]', '[31, 32]'",
        "6, 3, 2,  8, 99,  '[1, 12, 13, 14, 15]', '[21, 22, 23]', '[31, 32]'",
        "6, 2, 3,  8, 99,  '[1, 12, 13, 14, 15]', '[21, 22]',     '[31, 32, 33]'",
        "6, 3, 2,  4, 99,  '[1]',                 '[21, 22, 23]', '[31, 32]'",
        // Longer responses than the limit: the trunk is BOS alone and the responses lose their ends.
        "6, 5, 2,  4, 99,  '[1]',                 '[21, 22, 23]', '[31, 32]'",
        "6, 5, 9,  2, 99,  '[1]',                 '[21]',         '[31]'",
        // The prompt's own limit, with and without the other one.
        "6, 1, 1, 50, 3,   '[1, 14, 15]',         '[21]',         '[31]'",
        "6, 1, 1, 50, 1,   '[1]',                 '[21]',         '[31]'",
        "6, 3, 1,  5, 3,   '[1, 15]',             '[21, 22, 23]', '[31]'",
        // No rejected response.
        "6, 3, 0,  6, 99,  '[1, 14, 15]',         '[21, 22, 23]', '[]'",
    })
    void promptLeft(
            int trunk,
            int chosen,
            int rejected,
            int max,
            int maxPrompt,
            String left,
            String chosenLeft,
            String rejectedLeft) {
        TokenizedPair cut = apply(Truncation.PROMPT_LEFT, max, maxPrompt, pair(trunk, chosen, rejected))
                .orElseThrow();

        assertTokens(cut, left, chosenLeft, rejectedLeft);
    }

    @Test
    void promptLeftKeepsTheEndOfATrunkWithoutBos() {
        TokenizedPair pair = new TokenizedPair(0, new int[] {11, 12, 13}, new int[] {21, 22}, new int[] {31});

        assertTokens(apply(Truncation.PROMPT_LEFT, 4, 99, pair).orElseThrow(), "[12, 13]", "[21, 22]", "[31]");
        assertTokens(apply(Truncation.PROMPT_LEFT, 2, 99, pair).orElseThrow(), "[13]", "[21]", "[31]");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3, 2,  6, 99,  '[1, 11, 12]', '[21, 22, 23]', '[31, 32]'",
        "3, 3, 2,  5, 99,  '[1, 11, 12]', '[21, 22]',     '[31, 32]'",
        "3, 3, 2,  4, 99,  '[1, 11, 12]', '[21]',         '[31]'",
        "5, 3, 2,  4, 2,   '[1, 14]',     '[21, 22]',     '[31, 32]'",
    })
    void keepStart(
            int trunk,
            int chosen,
            int rejected,
            int max,
            int maxPrompt,
            String left,
            String chosenLeft,
            String rejectedLeft) {
        TokenizedPair cut = apply(Truncation.KEEP_START, max, maxPrompt, pair(trunk, chosen, rejected))
                .orElseThrow();

        assertTokens(cut, left, chosenLeft, rejectedLeft);
    }

    @Test
    void keepStartDropsAPairWhosePromptFillsTheLimit() {
        assertThat(apply(Truncation.KEEP_START, 4, 99, pair(4, 1, 1))).isEmpty();
        assertThat(apply(Truncation.KEEP_START, 5, 99, pair(4, 1, 1))).isPresent();
        assertThat(tally.report().dropped()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 3, 2,  8, 99,  '[1, 11, 12, 13, 14]', '[21, 22, 23]', '[31, 32]'",
        "5, 3, 2,  6, 99,  '[12, 13, 14]',        '[21, 22, 23]', '[31, 32]'",
        "5, 3, 2,  4, 99,  '[14]',                '[21, 22, 23]', '[31, 32]'",
        "5, 3, 2,  3, 99,  '[14]',                '[22, 23]',     '[31, 32]'",
        "5, 3, 2, 50, 2,   '[1, 14]',             '[21, 22, 23]', '[31, 32]'",
    })
    void keepEnd(
            int trunk,
            int chosen,
            int rejected,
            int max,
            int maxPrompt,
            String left,
            String chosenLeft,
            String rejectedLeft) {
        TokenizedPair cut = apply(Truncation.KEEP_END, max, maxPrompt, pair(trunk, chosen, rejected))
                .orElseThrow();

        assertTokens(cut, left, chosenLeft, rejectedLeft);
    }

    @Test
    void dropDropsWhatIsTooLongByEitherLimit() {
        assertThat(apply(Truncation.DROP, 6, 3, pair(3, 3, 2))).isPresent();
        assertThat(apply(Truncation.DROP, 5, 3, pair(3, 3, 2))).isEmpty();
        assertThat(apply(Truncation.DROP, 5, 3, pair(3, 2, 3))).isEmpty();
        assertThat(apply(Truncation.DROP, 9, 2, pair(3, 3, 2))).isEmpty();
        assertThat(tally.report().dropped()).isEqualTo(3);
    }

    @Test
    void failNamesTheLineAndTheLimit() {
        assertThat(apply(Truncation.FAIL, 6, 3, pair(3, 3, 2))).isPresent();
        assertThatThrownBy(() -> apply(Truncation.FAIL, 5, 3, pair(3, 2, 3)))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:4: prompt and response have 6 tokens, expected at most 5 (data.max_length)");
        assertThatThrownBy(() -> apply(Truncation.FAIL, 9, 2, pair(3, 3, 2)))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:4: prompt has 3 tokens, expected at most 2 (data.max_prompt_length)");
    }

    @Test
    void countsCutPromptsAndCutResponsesOncePerPair() {
        apply(Truncation.PROMPT_LEFT, 8, 99, pair(6, 3, 2));
        apply(Truncation.PROMPT_LEFT, 4, 99, pair(6, 9, 9));
        apply(Truncation.KEEP_START, 4, 99, pair(3, 2, 2));
        apply(Truncation.PROMPT_LEFT, 50, 99, pair(6, 9, 9));

        DataReport report = tally.report();

        assertThat(report.promptsCut()).isEqualTo(2);
        assertThat(report.responsesCut()).isEqualTo(2);
        assertThat(report.dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Truncation.class,
            names = {"PROMPT_LEFT", "KEEP_START", "KEEP_END"})
    void cutsNeverPassTheLimitsNorCutMoreThanTheyMust(Truncation truncation) {
        long seed = 20_260_101;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2000; i++) {
            TokenizedPair pair = pair(1 + random.nextInt(12), 1 + random.nextInt(12), random.nextInt(12));
            int max = 2 + random.nextInt(14);
            int maxPrompt = 1 + random.nextInt(14);
            apply(truncation, max, maxPrompt, pair)
                    .ifPresent(cut -> assertThat(cut.longestSequence())
                            .as("seed %d, limits %d and %d, %s", seed, max, maxPrompt, describe(pair))
                            .isEqualTo(Math.min(
                                    max,
                                    Math.min(pair.trunk().length, maxPrompt)
                                            + pair.longestSequence()
                                            - pair.trunk().length)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5, data.max_length: got 1", "5, 0, data.max_prompt_length: got 0", "-3, 5, data.max_length: got -3"
    })
    void refusesLimitsThatLeaveNothing(int max, int maxPrompt, String message) {
        assertThatThrownBy(() -> new TokenLimits(max, maxPrompt, Truncation.DROP))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    private Optional<TokenizedPair> apply(Truncation truncation, int max, int maxPrompt, TokenizedPair pair) {
        return new Truncator(new TokenLimits(max, maxPrompt, truncation), BOS).apply(pair, SOURCE, tally);
    }

    private static TokenizedPair pair(int trunk, int chosen, int rejected) {
        int[] prompt = tokens(10, trunk);
        prompt[0] = BOS;
        return new TokenizedPair(0, prompt, tokens(21, chosen), tokens(31, rejected));
    }

    private static int[] tokens(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    private static void assertTokens(TokenizedPair pair, String trunk, String chosen, String rejected) {
        assertThat(Arrays.toString(pair.trunk())).isEqualTo(trunk);
        assertThat(Arrays.toString(pair.chosen())).isEqualTo(chosen);
        assertThat(Arrays.toString(pair.rejected())).isEqualTo(rejected);
    }

    private static String describe(TokenizedPair pair) {
        return pair.trunk().length + "/" + pair.chosen().length + "/" + pair.rejected().length;
    }
}

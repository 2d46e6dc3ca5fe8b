package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrlPipelineTest {
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 7);

    private final DataTally tally = new DataTally();

    @TempDir
    private Path folder;

    @Test
    void doublesABosThatTheTextBringsAlong() {
        assertThat(tokenize(Truncation.KEEP_START, 99, "\u0001q", "a", "b").trunk())
                .containsExactly(1, 1, 'q');
    }

    @Test
    void cutsTheResponseWhereverItIs() {
        // "ab" is one piece of "ab2" but two of the prompt "a" and what follows it: a token of the response is lost.
        TokenizedPair pair = PairTokenizer.of(
                        FakeTokenizer.withBosAndEos("ab"),
                        FakeTokenizer.VOCABULARY,
                        new TokenLimits(99, TokenLimits.NO_LIMIT, Truncation.KEEP_START),
                        Preset.TRL)
                .tokenize(new PreferenceExample.Text(SOURCE, "a", "b2", "c"), 0, tally)
                .orElseThrow();

        assertThat(pair.trunk()).containsExactly(1, 'a');
        assertThat(pair.chosen()).containsExactly('2', 2);
        assertThat(pair.rejected()).containsExactly('c', 2);
        assertThat(tally.report().splitMerges()).isEqualTo(1);
    }

    @Test
    void keepStartCutsResponsesAndDropsPromptsThatFillTheLimit() {
        TokenizedPair pair = tokenize(Truncation.KEEP_START, 5, "pq", "abcd", "x");

        assertThat(pair.trunk()).containsExactly(1, 'p', 'q');
        assertThat(pair.chosen()).containsExactly('a', 'b');
        assertThat(pair.rejected()).containsExactly('x', 2);
        assertThat(apply(Truncation.KEEP_START, 3, "pq", "abcd", "x")).isEmpty();
        assertThat(tally.report().dropped()).isEqualTo(1);
    }

    @Test
    void keepEndCutsEachSequenceByItself() {
        TokenizedPair pair = tokenize(Truncation.KEEP_END, 4, "pq", "abc", "x");

        // chosen: [BOS p q a b c EOS] keeps a, b, c, EOS, and a has nothing before it that could predict it.
        assertThat(pair.trunk()).isEmpty();
        assertThat(pair.chosenLead()).containsExactly('a');
        assertThat(pair.chosen()).containsExactly('b', 'c', 2);
        assertThat(pair.rejectedLead()).containsExactly('p', 'q');
        assertThat(pair.rejected()).containsExactly('x', 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                // chosen|rejected|prompt|rest of chosen|rest of rejected; the space before the difference goes over
                "the sky is blue|the sky is red|the sky is| blue| red",
                "abc|abd|ab|c|d",
                // One that begins with the other keeps its last character.
                "ab|abcd|a|b|bcd",
                // Both emoji begin with the same half.
                "q 😀|q 😁|q| 😀| 😁",
            })
    void splitsStringsWithoutPromptAsTrlDoes(
            String chosen, String rejected, String prompt, String restOfChosen, String restOfRejected)
            throws Exception {
        Path file = Files.writeString(
                folder.resolve("a.jsonl"), "{\"chosen\": \"" + chosen + "\", \"rejected\": \"" + rejected + "\"}");
        List<PreferenceExample> examples = new ArrayList<>();
        new ExampleReader(RejectedUse.REQUIRED, RankedPairs.ALL, Preset.TRL).read(file, examples::add);

        assertThat(examples)
                .containsExactly(
                        new PreferenceExample.Text(new SourceLine(file, 1), prompt, restOfChosen, restOfRejected));
    }

    @Test
    void refusesAResponseThatTheMergeSwallows() {
        PairTokenizer tokenizer = PairTokenizer.of(
                FakeTokenizer.withBosAndEos("ab\u0002"),
                FakeTokenizer.VOCABULARY,
                new TokenLimits(99, TokenLimits.NO_LIMIT, Truncation.KEEP_START),
                Preset.TRL);

        assertThatThrownBy(() -> tokenizer.tokenize(new PreferenceExample.Text(SOURCE, "a", "b", "c"), 0, tally))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: chosen: no tokens are left after the prompt's 2");
    }

    private TokenizedPair tokenize(Truncation mode, int length, String prompt, String chosen, String rejected) {
        return apply(mode, length, prompt, chosen, rejected).orElseThrow();
    }

    private Optional<TokenizedPair> apply(Truncation mode, int length, String prompt, String chosen, String rejected) {
        TokenLimits limits = new TokenLimits(length, TokenLimits.NO_LIMIT, mode);
        return PairTokenizer.of(FakeTokenizer.withBosAndEos(), FakeTokenizer.VOCABULARY, limits, Preset.TRL)
                .tokenize(new PreferenceExample.Text(SOURCE, prompt, chosen, rejected), 0, tally);
    }
}

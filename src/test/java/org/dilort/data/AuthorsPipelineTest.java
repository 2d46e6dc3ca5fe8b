package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorsPipelineTest {
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 7);
    private static final TokenLimits WIDE = new TokenLimits(2048, 1800, Truncation.KEEP_END);

    private final DataTally tally = new DataTally();

    /**
     * Four cases that were run through the authors' own function: lengths of prompt and answers in tokens, without the
     * BOS and the EOS that it adds, and what it made of them, with these.
     */
    @ParameterizedTest
    @CsvSource({
        // The chosen answer is cut to max_length - max_prompt_length, although 923 of its tokens would fit.
        "100, 950, 50,   1024, 512,   101, true,  512, false, 51",
        "100, 1990, 50,  2048, 1800,  101, true,  248, false, 51",
        // The prompt is cut first, and loses BOS.
        "1900, 300, 100, 2048, 1800,  1800, false, 248, false, 101",
        "3000, 10, 10,   2048, 1800,  1800, false, 11, true, 11",
    })
    void cutsAsTheirCodeDoes(
            int prompt,
            int chosen,
            int rejected,
            int maxLength,
            int maxPrompt,
            int promptLeft,
            boolean bosLeft,
            int chosenLeft,
            boolean eosLeft,
            int rejectedLeft) {
        TokenLimits limits = new TokenLimits(maxLength, maxPrompt, Truncation.KEEP_END);
        PreferenceExample example =
                new PreferenceExample.Text(SOURCE, "p".repeat(prompt), "c".repeat(chosen), "r".repeat(rejected));

        TokenizedPair pair = tokenizer(FakeTokenizer.withBosAndEos(), limits)
                .tokenize(example, 0, tally)
                .orElseThrow();

        assertThat(pair.trunk()).hasSize(promptLeft).endsWith('p');
        assertThat(pair.trunk()[0] == FakeTokenizer.BOS).isEqualTo(bosLeft);
        assertThat(pair.chosen()).hasSize(chosenLeft);
        assertThat(pair.chosen()[chosenLeft - 1] == FakeTokenizer.EOS).isEqualTo(eosLeft);
        assertThat(pair.rejected()).hasSize(rejectedLeft).endsWith(FakeTokenizer.EOS);
    }

    @Test
    void splitsOneTokenEarlierWhereTheBoundaryMerges() {
        // "12" is one piece: of "a1" and "2b" the prompt keeps "a" for chosen, and all of itself for rejected.
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos("12"), "a1", "2b", "c");

        assertThat(pair.trunk()).containsExactly(1, 'a');
        assertThat(pair.chosenLead()).isEmpty();
        assertThat(pair.chosen()).containsExactly(256, 'b', 2);
        assertThat(pair.rejectedLead()).containsExactly('1');
        assertThat(pair.rejected()).containsExactly('c', 2);
    }

    @Test
    void scoresTheAssistantsHeader() {
        ChatTemplate template = new FakeTemplate("\u0001", "<%s>%s.", "<a>", "");
        PreferenceExample example = new PreferenceExample.Messages(
                SOURCE, List.of(new Message("u", "q")), List.of(new Message("a", "x")), List.of(new Message("a", "y")));

        TokenizedPair pair = PairTokenizer.of(
                        FakeTokenizer.withBosAndEos(), template, FakeTokenizer.VOCABULARY, WIDE, Preset.DIL_AUTHORS)
                .tokenize(example, 0, tally)
                .orElseThrow();

        assertThat(pair.trunk()).containsExactly(1, '<', 'u', '>', 'q', '.');
        assertThat(pair.chosen()).containsExactly('<', 'a', '>', 'x', '.', 2);
        assertThat(pair.rejected()).containsExactly('<', 'a', '>', 'y', '.', 2);
    }

    @Test
    void insertsNoBosThatTheTokenizerLacks() {
        SpecialTokens noBos = new SpecialTokens(SpecialTokens.NONE, FakeTokenizer.EOS, SpecialTokens.NONE, true, false);

        assertThat(tokenize(new FakeTokenizer(noBos), "q", "a", "b").trunk()).containsExactly('q');
    }

    @Test
    void stopsWhereTheirCodeStops() {
        // Three pieces become one: the prompt differs from the beginning of prompt and answer in two tokens.
        FakeTokenizer tokenizer = FakeTokenizer.withBosAndEos("abcd");

        assertThatThrownBy(() -> tokenize(tokenizer, "abc", "d", "x"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("pairs.jsonl:7: chosen: prompt and response have 1 tokens, the prompt alone 3");
        assertThatThrownBy(() -> tokenize(tokenizer, "abc", "dxyz", "q"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("pairs.jsonl:7: the prompts of chosen and rejected differ");
    }

    private TokenizedPair tokenize(FakeTokenizer tokenizer, String prompt, String chosen, String rejected) {
        return tokenizer(tokenizer, WIDE)
                .tokenize(new PreferenceExample.Text(SOURCE, prompt, chosen, rejected), 0, tally)
                .orElseThrow();
    }

    private static PairTokenizer tokenizer(FakeTokenizer tokenizer, TokenLimits limits) {
        return PairTokenizer.of(tokenizer, FakeTokenizer.VOCABULARY, limits, Preset.DIL_AUTHORS);
    }
}

package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;

/** In the fake tokenizer a character is its own code, BOS is the character 1 and EOS the character 2. */
class PairTokenizerTest {
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 7);
    private static final TokenLimits WIDE = new TokenLimits(1000, TokenLimits.NO_LIMIT, Truncation.FAIL);

    private final DataTally tally = new DataTally();

    @Test
    void framesATextWithBosAndEos() {
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos(), text("q:", "yes", "no"));

        assertThat(pair.index()).isEqualTo(3);
        assertThat(pair.trunk()).containsExactly(1, 'q', ':');
        assertThat(pair.chosen()).containsExactly('y', 'e', 's', 2);
        assertThat(pair.rejected()).containsExactly('n', 'o', 2);
        assertThat(tally.report()).isEqualTo(new DataReport(1, 1, 0, 0, 0, 0, 0, 13, 10));
    }

    @Test
    void doublesNeitherBosNorEosThatTheTextBringsAlong() {
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos(), text("\u0001q", "a\u0002", "b"));

        assertThat(pair.trunk()).containsExactly(1, 'q');
        assertThat(pair.chosen()).containsExactly('a', 2);
        assertThat(pair.rejected()).containsExactly('b', 2);
    }

    @Test
    void addsNoBosWhereTheTokenizerHasNoneOrDoesNotUseIt() {
        SpecialTokens unused =
                new SpecialTokens(FakeTokenizer.BOS, FakeTokenizer.EOS, SpecialTokens.NONE, false, false);
        SpecialTokens absent =
                new SpecialTokens(SpecialTokens.NONE, FakeTokenizer.EOS, SpecialTokens.NONE, true, false);

        assertThat(tokenize(new FakeTokenizer(unused), text("q", "a", "b")).trunk())
                .containsExactly('q');
        assertThat(tokenize(new FakeTokenizer(absent), text("q", "a", "b")).trunk())
                .containsExactly('q');
    }

    @Test
    void usesTheTokensOfPromptAndResponseTogetherWhereThePromptIsTheirPrefix() {
        // "ya" is one piece, but only inside the response; both responses hang on the same trunk.
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos("ya", "q "), text("q ", "ya", "y"));

        assertThat(pair.trunk()).containsExactly(1, 257);
        assertThat(pair.chosen()).containsExactly(256, 2);
        assertThat(pair.rejected()).containsExactly('y', 2);
        assertThat(tally.report().splitMerges()).isZero();
    }

    @Test
    void keepsAResponseApartThatWouldMergeWithThePrompt() {
        // "12" merges across the boundary of "1" and "23"; "1" and "3" do not.
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos("12"), text("1", "23", "3"));

        assertThat(pair.trunk()).containsExactly(1, '1');
        assertThat(pair.chosen()).containsExactly('2', '3', 2);
        assertThat(pair.rejected()).containsExactly('3', 2);
        assertThat(tally.report().splitMerges()).isEqualTo(1);
    }

    @Test
    void tokenisesAResponseAloneThatMergesEvenWithALineEnd() {
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos("a\n", "\n\n"), text("a", "\nb", "c"));

        assertThat(pair.chosen()).containsExactly('\n', 'b', 2);
    }

    @Test
    void leavesTokenIdsAsTheyAre() {
        TokenizedPair pair =
                tokenize(FakeTokenizer.withBosAndEos(), ids(new int[] {9}, new int[] {8}, new int[] {0, 299}));

        assertThat(pair.trunk()).containsExactly(9);
        assertThat(pair.chosen()).containsExactly(8);
        assertThat(pair.rejected()).containsExactly(0, 299);
    }

    @Test
    void leavesAMissingRejectedResponseEmpty() {
        TokenizedPair pair = tokenize(FakeTokenizer.withBosAndEos(), text("q", "a", ""));

        assertThat(pair.hasRejected()).isFalse();
        assertThat(pair.sequenceTokens()).isEqualTo(4);
    }

    @Test
    void countsIdenticalResponses() {
        tokenize(FakeTokenizer.withBosAndEos(), text("q", "a", "a"));

        assertThat(tally.report().identical()).isEqualTo(1);
    }

    @Test
    void cutsAndCounts() {
        TokenLimits limits = new TokenLimits(4, TokenLimits.NO_LIMIT, Truncation.PROMPT_LEFT);
        PairTokenizer tokenizer = new PairTokenizer(FakeTokenizer.withBosAndEos(), FakeTokenizer.VOCABULARY, limits);

        TokenizedPair pair =
                tokenizer.tokenize(text("abcd", "x", "y"), 0, tally).orElseThrow();

        assertThat(pair.trunk()).containsExactly(1, 'd');
        assertThat(tally.report()).isEqualTo(new DataReport(1, 1, 0, 1, 0, 0, 0, 8, 6));
    }

    @Test
    void refusesIdsOutsideTheVocabulary() {
        FakeTokenizer tokenizer = FakeTokenizer.withBosAndEos();

        assertThatThrownBy(() -> tokenize(tokenizer, ids(new int[] {1}, new int[] {5, 300}, new int[] {6})))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: chosen token 1: got id 300, expected 0 to 299");
        assertThatThrownBy(() -> tokenize(tokenizer, ids(new int[] {-1}, new int[] {5}, new int[] {6})))
                .hasMessage("pairs.jsonl:7: prompt token 0: got id -1, expected 0 to 299");
        assertThatThrownBy(() -> tokenize(tokenizer, text("q", "a", "é\u0200")))
                .hasMessage("pairs.jsonl:7: rejected token 1: got id 512, expected 0 to 299");
    }

    @Test
    void refusesMessagesWithoutChatTemplate() {
        assertThatThrownBy(() -> tokenize(FakeTokenizer.withBosAndEos(), messages()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("pairs.jsonl:7: no chat template");
    }

    @Test
    void addsNoEosWhereTheTemplateEndsTurnsInAWayOfItsOwn() {
        TokenizedPair pair = render(new FakeTemplate("", "<%s>%s|", "<a>", ""));

        assertThat(pair.trunk()).containsExactly(1, '<', 'u', '>', 'q', '|', '<', 'a', '>');
        assertThat(pair.chosen()).containsExactly('x', '|');
        assertThat(pair.rejected()).containsExactly('y', '|');
    }

    @Test
    void addsEosWhereTheTemplateWritesNothingBehindAResponse() {
        assertThat(render(new FakeTemplate("", "<%s>%s", "<a>", "")).chosen()).containsExactly('x', 2);
    }

    @Test
    void leavesOutWhatATemplateWritesBehindEosAndAddsNoSecondOne() {
        TokenizedPair pair = render(new FakeTemplate("\u0001", "<%s>%s\u0002\n", "<a>", ""));

        assertThat(pair.trunk()).startsWith(1, '<');
        assertThat(pair.chosen()).containsExactly('x', 2);
    }

    private TokenizedPair render(ChatTemplate template) {
        return PairTokenizer.of(FakeTokenizer.withBosAndEos(), template, FakeTokenizer.VOCABULARY, WIDE, Preset.DEFAULT)
                .tokenize(messages(), 0, tally)
                .orElseThrow();
    }

    private static PreferenceExample messages() {
        return new PreferenceExample.Messages(
                SOURCE, List.of(new Message("u", "q")), List.of(new Message("a", "x")), List.of(new Message("a", "y")));
    }

    @Test
    void refusesATokenizerWithoutEndOfSequence() {
        SpecialTokens noEos = new SpecialTokens(FakeTokenizer.BOS, SpecialTokens.NONE, SpecialTokens.NONE, true, false);

        assertThatThrownBy(() -> tokenize(new FakeTokenizer(noEos), text("q", "a", "b")))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("tokenizer: no eos_token");
    }

    @Test
    void refusesTextsWithoutTokens() {
        Tokenizer silent = new StrippingTokenizer();

        assertThatThrownBy(() -> tokenize(silent, text(" ", "a", "b")))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: prompt: no tokens in this text");
        assertThatThrownBy(() -> tokenize(silent, text("q", "  ", "b")))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: chosen: no tokens in this text");
    }

    private TokenizedPair tokenize(Tokenizer tokenizer, PreferenceExample example) {
        return new PairTokenizer(tokenizer, FakeTokenizer.VOCABULARY, WIDE)
                .tokenize(example, 3, tally)
                .orElseThrow();
    }

    private static PreferenceExample text(String prompt, String chosen, String rejected) {
        return new PreferenceExample.Text(SOURCE, prompt, chosen, rejected);
    }

    private static PreferenceExample ids(int[] prompt, int[] chosen, int[] rejected) {
        return new PreferenceExample.TokenIds(SOURCE, prompt, chosen, rejected);
    }

    /** Loses all spaces, as some normalizers do, and has no BOS. */
    private static final class StrippingTokenizer implements Tokenizer {

        @Override
        public int[] encode(String text) {
            return text.replace(" ", "").chars().toArray();
        }

        @Override
        public String decode(int[] ids, SpecialText specialText) {
            return new String(ids, 0, ids.length);
        }

        @Override
        public SpecialTokens specialTokens() {
            return new SpecialTokens(SpecialTokens.NONE, FakeTokenizer.EOS, SpecialTokens.NONE, false, false);
        }

        @Override
        public int vocabularySize() {
            return FakeTokenizer.VOCABULARY;
        }

        @Override
        public void close() {}
    }
}

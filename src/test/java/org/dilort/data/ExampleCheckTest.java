package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleCheckTest {
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 7);

    @Test
    void findsNothingWrongWithAnOrdinaryPair() {
        assertThat(findings("what is 2+2?", "4", " NÃO, Ça va: «é»")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n\t", "\u2003"})
    void findsBlankResponses(String blank) {
        assertThat(findings("q", blank, "b")).containsExactly("pairs.jsonl:7: a response of white space alone: chosen");
        assertThat(findings("q", "a", blank))
                .containsExactly("pairs.jsonl:7: a response of white space alone: rejected");
    }

    @Test
    void findsIdenticalResponses() {
        assertThat(findings("q", "a", "a")).containsExactly("pairs.jsonl:7: chosen and rejected are the same");
    }

    @Test
    void findsResponsesThatAreIdenticalOnceTheyAreCut() {
        // Three tokens are left to each response: BOS stays of the prompt, and both begin with "abc".
        assertThat(findings(new TokenLimits(4, 9, Truncation.PROMPT_LEFT), "q", "abcd", "abcx"))
                .containsExactly(
                        "pairs.jsonl:7: chosen and rejected are the same once they are cut",
                        "pairs.jsonl:7: a prompt that is cut: 2 tokens to 1",
                        "pairs.jsonl:7: a response that is cut: 5 tokens to 3");
    }

    @Test
    void findsPromptsThatLeaveNoRoomAndPairsThatAreDropped() {
        assertThat(findings(new TokenLimits(4, 9, Truncation.DROP), "abcd", "a", "b"))
                .containsExactly(
                        "pairs.jsonl:7: a prompt that leaves no room for a response: 5 tokens of at most 4",
                        "pairs.jsonl:7: a pair that is dropped as too long: 7 tokens of at most 4");
    }

    @Test
    void findsSpecialTokensInsideTexts() {
        assertThat(findings("a<|end|>b", "x", "<s>"))
                .containsExactly(
                        "pairs.jsonl:7: a text that holds a special token: prompt holds <|end|>",
                        "pairs.jsonl:7: a text that holds a special token: rejected holds <s>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00c3\u00a9", "don\u00e2\u20ac\u2122t", "\u00c2\u00a3 5", "a \uFFFD b"})
    void findsTextThatWasDecodedWrongly(String text) {
        assertThat(findings("q", text, "b"))
                .containsExactly("pairs.jsonl:7: a text that was decoded wrongly: chosen: \"" + text + "\"");
    }

    @Test
    void looksIntoMessages() {
        PreferenceExample messages = new PreferenceExample.Messages(
                SOURCE,
                List.of(new Message("user", "<s>")),
                List.of(new Message("assistant", " ")),
                List.of(new Message("assistant", "b")));
        ExampleCheck check = new ExampleCheck(new SpecialTexts(Set.of("<s>")), wide());
        TokenizedPair pair = new TokenizedPair(0, new int[] {1}, new int[] {5, 2}, new int[] {6, 2});

        assertThat(check.findings(messages, pair, Optional.of(pair)))
                .extracting(Finding::kind)
                .containsExactly(FindingKind.SPECIAL_TEXT, FindingKind.BLANK_RESPONSE);
    }

    @Test
    void stopsARunForOneBlankResponseButForManyIdenticalOnes() {
        assertThat(FindingKind.BLANK_RESPONSE.grave(1, 1_000_000)).isTrue();
        assertThat(FindingKind.IDENTICAL_RESPONSES.grave(100, 1000)).isFalse();
        assertThat(FindingKind.IDENTICAL_RESPONSES.grave(101, 1000)).isTrue();
        assertThat(FindingKind.LEAKED_PROMPT.grave(10, 10)).isFalse();
    }

    @Test
    void summarisesByKindWithTheFirstPlaces() {
        Findings.Collector collector = new Findings.Collector(3);
        for (int line = 1; line <= 5; line++) {
            collector.example();
            collector.add(new Finding(FindingKind.IDENTICAL_RESPONSES, new SourceLine(Path.of("a.jsonl"), line), ""));
        }
        Findings findings = collector.findings();

        assertThat(findings.summary())
                .containsExactly(
                        "grave: 5 of 5: chosen and rejected are the same (a.jsonl:1, a.jsonl:2, a.jsonl:3, ...)");
        assertThatThrownBy(findings::requireNothingGrave)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("grave: 5 of 5: chosen and rejected are the same (a.jsonl:1,");
    }

    private static List<String> findings(String prompt, String chosen, String rejected) {
        return findings(wide(), prompt, chosen, rejected);
    }

    private static List<String> findings(TokenLimits limits, String prompt, String chosen, String rejected) {
        Tokenizer tokenizer = FakeTokenizer.withSpecialTexts(Set.of("<s>", "<|end|>"));
        return new PairTokenizer(tokenizer, Character.MAX_VALUE + 1, limits)
                .examine(new PreferenceExample.Text(SOURCE, prompt, chosen, rejected), 0).findings().stream()
                        .map(Finding::toString)
                        .toList();
    }

    private static TokenLimits wide() {
        return new TokenLimits(100, TokenLimits.NO_LIMIT, Truncation.FAIL);
    }
}

package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.data.Tokenizer;
import org.dilort.data.Tokenizer.SpecialText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerTextTest {

    @TempDir
    private Path folder;

    @Test
    void neverTellsHalfACharacter() {
        try (Tokenizer tokenizer = tokenizer("tokenizer-bytes")) {
            AnswerText answer = new AnswerText(tokenizer, tokenizer.encode("Q:"), StopTexts.NONE);
            List<String> pieces = new ArrayList<>();
            for (int token : tokenizer.encode("a é€ b")) {
                pieces.add(answer.add(token));
            }

            assertThat(answer.rest()).isEmpty();
            assertThat(answer.text()).isEqualTo("a é€ b");
            assertThat(String.join("", pieces)).isEqualTo("a é€ b");
            assertThat(pieces)
                    .contains("é", "€")
                    .allSatisfy(piece -> assertThat(piece).doesNotContain("\uFFFD"));
        }
    }

    @Test
    void tellsBrokenBytesAtTheEnd() {
        try (Tokenizer tokenizer = tokenizer("tokenizer-bytes")) {
            AnswerText answer = new AnswerText(tokenizer, tokenizer.encode("Q:"), StopTexts.NONE);
            int firstByte = tokenizer.encode("€")[0];

            assertThat(answer.add(firstByte)).isEmpty();
            assertThat(answer.rest()).isEqualTo(answer.text()).isEqualTo("\uFFFD");
            assertThat(answer.rest()).isEmpty();
        }
    }

    @Test
    void keepsTheSpaceThatATextAloneWouldLose() {
        try (Tokenizer tokenizer = tokenizer("tokenizer-words")) {
            int[] whole = tokenizer.encode("no yes");
            int[] prompt = tokenizer.encode("no");
            AnswerText answer = new AnswerText(tokenizer, prompt, StopTexts.NONE);
            StringBuilder pieces = new StringBuilder();
            for (int i = prompt.length; i < whole.length; i++) {
                pieces.append(answer.add(whole[i]));
            }

            assertThat(answer.text()).isEqualTo(" yes");
            assertThat(pieces).hasToString(" yes");
        }
    }

    @Test
    void anEmptyAnswerIsEmpty() {
        try (Tokenizer tokenizer = tokenizer("tokenizer-bytes")) {
            AnswerText answer = new AnswerText(tokenizer, tokenizer.encode("Q:"), StopTexts.NONE);

            assertThat(answer.text()).isEmpty();
            assertThat(answer.rest()).isEmpty();
        }
    }

    @Test
    void leavesSpecialTokensOut() {
        try (Tokenizer tokenizer = tokenizer("tokenizer-bytes")) {
            AnswerText answer = new AnswerText(tokenizer, tokenizer.encode("Q:"), StopTexts.NONE);
            answer.add(tokenizer.specialTokens().bos());
            answer.add(tokenizer.encode("x")[0]);

            assertThat(tokenizer.decode(new int[] {tokenizer.specialTokens().bos()}, SpecialText.KEEP))
                    .isEqualTo("<s>");
            assertThat(answer.text()).isEqualTo("x");
        }
    }

    private Tokenizer tokenizer(String name) {
        TestModels.addTokenizer(name, folder);
        return Tokenizer.open(folder);
    }
}

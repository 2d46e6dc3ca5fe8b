package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.dilort.data.Tokenizer.SpecialText;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations as tokens of a real tokenizer, which puts {@code <s>} before a text and ends it with {@code </s>}. */
class ChatTokensTest {
    private static final Path FOLDER = Path.of("src/test/resources/data/tokenizer-bytes");
    private static final TokenLimits WIDE = new TokenLimits(1000, TokenLimits.NO_LIMIT, Truncation.FAIL);

    @TempDir
    private Path temp;

    private final Tokenizer tokenizer = Tokenizer.open(FOLDER);

    @AfterEach
    void closeTokenizer() {
        tokenizer.close();
    }

    @Test
    void bosAndEosThatTheTemplateWritesAreNotDoubled() {
        TokenizedPair pair = tokenize("{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}"
                + "{{ eos_token }}\n{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}");

        assertThat(text(pair.trunk())).isEqualTo("<s>[user]2+2?</s>\n[assistant]");
        assertThat(count(pair.trunk(), tokenizer.specialTokens().bos())).isEqualTo(1);
        assertThat(text(pair.chosen())).isEqualTo("4</s>");
        assertThat(text(pair.rejected())).isEqualTo("5</s>");
    }

    @Test
    void bosAndEosThatTheTemplateLeavesOutAreAdded() {
        TokenizedPair pair = tokenize("{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}[assistant]{% endif %}");

        assertThat(text(pair.trunk())).isEqualTo("<s>[user]2+2?[assistant]");
        assertThat(text(pair.chosen())).isEqualTo("4</s>");
    }

    @Test
    void anotherEndThatTheTemplateWritesStays() {
        TokenizedPair pair = tokenize("{% for m in messages %}[{{ m.role }}]{{ m.content }}<end>\n{% endfor %}"
                + "{% if add_generation_prompt %}[assistant]{% endif %}");

        assertThat(text(pair.chosen())).isEqualTo("4<end>\n");
    }

    private TokenizedPair tokenize(String template) {
        PreferenceExample.Messages example = new PreferenceExample.Messages(
                new SourceLine(Path.of("pairs.jsonl"), 7),
                List.of(new Message("user", "2+2?")),
                List.of(new Message("assistant", "4")),
                List.of(new Message("assistant", "5")));
        return PairTokenizer.of(tokenizer, compiled(template), tokenizer.vocabularySize(), WIDE, Preset.DEFAULT)
                .tokenize(example, 0, new DataTally())
                .orElseThrow();
    }

    private ChatTemplate compiled(String template) {
        try {
            Path file = Files.writeString(temp.resolve("t.jinja"), template);
            return ChatTemplates.ofFile(file, FOLDER, ChatTemplates.DATA_CLOCK);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String text(int[] tokens) {
        return tokenizer.decode(tokens, SpecialText.KEEP);
    }

    private static long count(int[] tokens, int wanted) {
        return Arrays.stream(tokens).filter(token -> token == wanted).count();
    }
}

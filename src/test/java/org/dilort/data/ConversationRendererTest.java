package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.dilort.data.ConversationRenderer.Ending;
import org.dilort.data.ConversationRenderer.Texts;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationRendererTest {
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 7);
    private static final String CHATML = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>\n{% endfor %}"
            + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

    @TempDir
    private Path temp;

    @Test
    void theHeaderOfTheAssistantIsTrunk() {
        Texts texts = render(CHATML, pair("2+2?", "4", "5"));

        assertThat(texts)
                .isEqualTo(new Texts(
                        "<|user|>2+2?<|end|>\n<|assistant|>", "4<|end|>\n", "5<|end|>\n", Ending.BY_TEMPLATE));
    }

    @Test
    void branchesMayHaveSeveralTurns() {
        Texts texts = render(
                CHATML,
                new PreferenceExample.Messages(
                        SOURCE,
                        List.of(new Message("system", "s"), new Message("user", "q")),
                        List.of(new Message("assistant", "a"), new Message("user", "b"), new Message("assistant", "c")),
                        List.of(new Message("assistant", "d"))));

        assertThat(texts.trunk()).isEqualTo("<|system|>s<|end|>\n<|user|>q<|end|>\n<|assistant|>");
        assertThat(texts.chosen()).isEqualTo("a<|end|>\n<|user|>b<|end|>\n<|assistant|>c<|end|>\n");
        assertThat(texts.rejected()).isEqualTo("d<|end|>\n");
    }

    @Test
    void aMissingRejectedResponseStaysEmpty() {
        Texts texts = render(
                CHATML,
                new PreferenceExample.Messages(
                        SOURCE, List.of(new Message("user", "q")), List.of(new Message("assistant", "a")), List.of()));

        assertThat(texts.rejected()).isEmpty();
    }

    @Test
    void aHeaderThatResponsesDoNotRepeatIsCutToWhatTheyShare() {
        String opensAThought = CHATML.replace("<|assistant|>{% endif %}", "<|assistant|><think>\n{% endif %}");

        Texts texts = render(opensAThought, pair("q", "a", "b"));

        assertThat(texts.trunk()).isEqualTo("<|user|>q<|end|>\n<|assistant|>");
        assertThat(texts.chosen()).isEqualTo("a<|end|>\n");
    }

    @Test
    void theTrunkIsWhatBothResponsesBeginWith() {
        String opensAThought = CHATML.replace("<|assistant|>{% endif %}", "<|assistant|><think>\n{% endif %}");

        Texts texts = render(opensAThought, pair("q", "<think>\nx", "b"));

        assertThat(texts.trunk()).isEqualTo("<|user|>q<|end|>\n<|assistant|>");
        assertThat(texts.chosen()).isEqualTo("<think>\nx<|end|>\n");
    }

    @Test
    void halvesOfACharacterAreNeverShared() {
        // U+1F600 and U+1F601 have the same first half.
        String writesAFace = CHATML.replace("<|assistant|>{% endif %}", "<|assistant|>😀{% endif %}");

        Texts texts = render(writesAFace, pair("q", "😁", "😁!"));

        assertThat(texts.trunk()).isEqualTo("<|user|>q<|end|>\n<|assistant|>");
        assertThat(texts.chosen()).isEqualTo("😁<|end|>\n");
    }

    @Test
    void aPromptThatChangesWhenAResponseFollowsIsRefused() {
        // The system message is written before the last user message, as in some templates of Mistral.
        String moves = "{% for m in messages %}{% if loop.last and m.role == 'user' %}[SYS]{% endif %}"
                + "[{{ m.role }}]{{ m.content }}{% endfor %}";

        assertThatThrownBy(() -> render(moves, pair("q", "a", "b")))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: the chat template writes the prompt in another way when a response follows:"
                        + " 'SYS][user]q' alone, 'user]q[assistant]a' before a response (character 1)");
    }

    @Test
    void anEndThatTheTemplateLeavesOutIsTold() {
        String endless = CHATML.replace("<|end|>\n", "\n");

        assertThat(render(endless, pair("q", "a ", "b")).ending()).isEqualTo(Ending.MISSING);
    }

    @Test
    void aResponseThatTheTemplateDropsIsRefused() {
        String deaf = "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}";

        assertThatThrownBy(() -> render(deaf, pair("q", "a", "b")))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: chosen: the chat template writes nothing for this response");
    }

    @Test
    void theTemplatesOwnRefusalNamesBothLines() {
        String strict = "{% if messages[0].role == 'user' %}\n{{ raise_exception('no users') }}{% endif %}";

        assertThatThrownBy(() -> render(strict, pair("q", "a", "b")))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: chat template " + temp.resolve("t.jinja")
                        + ":2: call of 'raise_exception': no users");
    }

    private Texts render(String template, PreferenceExample.Messages example) {
        try {
            Path file = Files.writeString(temp.resolve("t.jinja"), template);
            return new ConversationRenderer(ChatTemplates.ofFile(file, temp, Clock.systemUTC())).render(example);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PreferenceExample.Messages pair(String user, String chosen, String rejected) {
        return new PreferenceExample.Messages(
                SOURCE,
                List.of(new Message("user", user)),
                List.of(new Message("assistant", chosen)),
                List.of(new Message("assistant", rejected)));
    }
}

package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateJobTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path model;

    @Test
    void aPlainPromptStaysAsItIs() {
        assertThat(GenerateJob.prompt(model, "2+2=", PromptForm.PLAIN, CLOCK)).isEqualTo("2+2=");
    }

    @Test
    void aChatsPromptIsAUsersMessageWithTheHeaderOfTheAnswer() throws IOException {
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}");

        assertThat(GenerateJob.prompt(model, "2+2=", PromptForm.CHAT, CLOCK)).isEqualTo("<user>2+2=<a>");
    }

    @Test
    void aChatNeedsATemplate() {
        assertThatThrownBy(() -> GenerateJob.prompt(model, "2+2=", PromptForm.CHAT, CLOCK))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("no chat template in " + model);
    }
}

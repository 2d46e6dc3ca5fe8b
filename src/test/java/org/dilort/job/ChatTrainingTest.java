package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.error.DataException;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.Outcome;
import org.dilort.train.ProgressLine;
import org.dilort.train.StopSignal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From messages and a template to an aligned model that carries the template and answers in it. */
class ChatTrainingTest {
    private static final Path TOKENIZER = Path.of("src/test/resources/data/tokenizer-bytes");
    private static final Path GOLDEN = Path.of("src/test/resources/golden/tiny-llama_gqa_tied");
    private static final String TEMPLATE = """
            {{ bos_token }}{% for m in messages %}
            [{{ m.role }}]{{ m.content }}{{ eos_token }}
            {% endfor %}
            {% if add_generation_prompt %}[assistant]{% endif %}
            """;

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void writeModelAndData() throws IOException {
        Path model = Files.createDirectories(temp.resolve("model"));
        String config = Files.readString(GOLDEN.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"), config.replaceFirst("\"vocab_size\": *\\d+", "\"vocab_size\": 280"));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(TOKENIZER.resolve(file), model.resolve(file));
        }
        Files.writeString(temp.resolve("own.jinja"), TEMPLATE);
        String pair = "{\"prompt\": [{\"role\": \"user\", \"content\": \"%d\"}], \"chosen\": [{\"role\":"
                + " \"assistant\", \"content\": \"yes\"}], \"rejected\": [{\"role\": \"assistant\", \"content\":"
                + " \"no\"}]}\n";
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            pairs.append(String.format(pair, i));
        }
        Files.writeString(temp.resolve("pairs.jsonl"), pairs);
    }

    @Test
    void theAlignedModelCarriesTheTemplateAndAnswersInIt() throws IOException {
        assertThat(train("run", "data.chat_template=" + temp.resolve("own.jinja")))
                .isInstanceOf(Outcome.Completed.class);

        assertThat(text()).contains("data.train: 8 pairs");
        for (String folder : List.of("run/hf", "run/export")) {
            assertThat(temp.resolve(folder).resolve("chat_template.jinja")).hasContent(TEMPLATE);
            assertThat(Files.readString(temp.resolve(folder).resolve("tokenizer_config.json")))
                    .contains("\"chat_template\": \"{{ bos_token }}");
        }
        Path export = temp.resolve("run/export");
        String prompt = GenerateJob.prompt(export, "7", PromptForm.CHAT, Clock.systemUTC());
        assertThat(prompt).isEqualTo("<s>[user]7</s>\n[assistant]");
        GenerateJob.run(export, prompt, 3, new SessionSettings(1), new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @Test
    void messagesNeedATemplate() {
        assertThatThrownBy(() -> train("none", "data.chat_template=none"))
                .isInstanceOf(DataException.class)
                .hasMessage(temp.resolve("pairs.jsonl")
                        + ":1: data.chat_template: got none, but messages need one that works");
    }

    private Outcome train(String output, String option) {
        List<String> options = new ArrayList<>(List.of(
                "model.path=" + temp.resolve("model"),
                "model.init=random",
                "data.train=" + temp.resolve("pairs.jsonl"),
                "train.max_steps=2",
                "output=" + temp.resolve(output),
                option));
        Config config = ConfigLoader.load(RunFiles.TINY, options);
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return TrainJob.run(config, new JobOutput(stream, stream, ProgressLine.Style.PLAIN), new StopSignal());
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}

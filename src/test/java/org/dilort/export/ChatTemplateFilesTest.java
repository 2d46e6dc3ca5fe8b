package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateFilesTest {

    @TempDir
    private Path folder;

    @Test
    void putsAnInlineTemplateBeside() throws IOException {
        String settings = "{\"chat_template\": \"{{ a }}\\n\", \"model_max_length\": 1000000000000000019884624838656}";
        write("tokenizer_config.json", settings);

        ChatTemplateFiles.complete(folder);

        assertThat(Files.readString(folder.resolve("chat_template.jinja"))).isEqualTo("{{ a }}\n");
        assertThat(folder.resolve("tokenizer_config.json")).hasContent(settings);
    }

    @Test
    void putsATemplateFileInside() throws IOException {
        write("chat_template.jinja", "{{ a }}");
        write("tokenizer_config.json", "{\"model_max_length\": 1000000000000000019884624838656, \"x\": 1e-05}");

        ChatTemplateFiles.complete(folder);

        assertThat(settings().get("chat_template").asText()).isEqualTo("{{ a }}");
        assertThat(Files.readString(folder.resolve("tokenizer_config.json")))
                .contains("1000000000000000019884624838656");
        assertThat(settings().get("x").doubleValue()).isEqualTo(1e-5);
    }

    @Test
    void makesTheSettingsFileWhereThereIsNone() throws IOException {
        write("chat_template.jinja", "{{ a }}");

        ChatTemplateFiles.complete(folder);

        assertThat(settings()).isEqualTo(new ObjectMapper().readTree("{\"chat_template\": \"{{ a }}\"}"));
    }

    @Test
    void theFileBesideWinsOverAnotherInside() throws IOException {
        write("chat_template.jinja", "new");
        write("tokenizer_config.json", "{\"chat_template\": \"old\"}");

        ChatTemplateFiles.complete(folder);

        assertThat(settings().get("chat_template").asText()).isEqualTo("new");
    }

    @Test
    void takesTheDefaultAmongNamedTemplates() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"tools\", \"template\": \"t\"},"
                        + " {\"name\": \"default\", \"template\": \"d\"}]}");

        ChatTemplateFiles.complete(folder);

        assertThat(folder.resolve("chat_template.jinja")).hasContent("d");
        assertThat(settings().get("chat_template").isArray()).isTrue();
    }

    @Test
    void spreadsATemplateThatIsInAJsonFileAlone() throws IOException {
        write("chat_template.json", "{\"chat_template\": \"{{ a }}\"}");
        write("tokenizer_config.json", "{\"model_max_length\": 5}");

        ChatTemplateFiles.complete(folder);

        assertThat(folder.resolve("chat_template.jinja")).hasContent("{{ a }}");
        assertThat(settings())
                .isEqualTo(new ObjectMapper().readTree("{\"model_max_length\": 5, \"chat_template\": \"{{ a }}\"}"));
    }

    @Test
    void leavesAFolderWithoutTemplateAlone() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": null}");

        ChatTemplateFiles.complete(folder);

        assertThat(folder.resolve("chat_template.jinja")).doesNotExist();
        assertThat(folder.resolve("tokenizer_config.json")).hasContent("{\"chat_template\": null}");
    }

    private JsonNode settings() throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("tokenizer_config.json").toFile());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}

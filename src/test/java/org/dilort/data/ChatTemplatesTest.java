package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.dilort.data.ChatTemplate.GenerationPrompt;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.template.TemplateException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);
    private static final List<Message> HELLO = List.of(new Message("user", "hello"));

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSpecialTokens() throws IOException {
        write("special_tokens_map.json", "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}}");
    }

    @Test
    void takesTheTextInTheTokenizersConfig() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": \"{{ bos_token }}{{ messages[0].content }}{{ eos_token }}\"}");

        assertThat(ofModel()).isEqualTo("<s>hello</s>");
        assertThat(ChatTemplates.ofModel(folder, CLOCK).source()).startsWith("{{ bos_token }}");
    }

    @Test
    void takesTheDefaultAmongNamedTemplates() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"}, {\"name\": \"default\","
                        + " \"template\": \"d{{ add_generation_prompt }}\"}]}");

        assertThat(ofModel()).isEqualTo("dTrue");
    }

    @Test
    void conversationsWithToolsGetTheTemplateForThem() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t{{ tools }}\"}, {\"name\":"
                        + " \"default\", \"template\": \"d{{ x }}\"}]}");
        ChatTemplate template = ChatTemplates.ofModel(folder, CLOCK);
        Map<String, JsonNode> tools = Map.of("tools", new TextNode("T"));

        assertThat(template.with(tools).render(HELLO, GenerationPrompt.OMIT)).isEqualTo("tT");
        assertThat(template.with(Map.of("x", new TextNode("X"))).render(HELLO, GenerationPrompt.OMIT))
                .isEqualTo("dX");

        write("chat_template.jinja", "beside");
        Files.createDirectories(folder.resolve("additional_chat_templates"));
        write("additional_chat_templates/tool_use.jinja", "more{{ tools }}");
        assertThat(ChatTemplates.ofModel(folder, CLOCK).with(tools).render(HELLO, GenerationPrompt.OMIT))
                .isEqualTo("moreT");
    }

    @Test
    void takesTheFileBesideFirst() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"inside\"}");
        write("chat_template.json", "{\"chat_template\": \"json\"}");
        write("chat_template.jinja", "beside");

        assertThat(ofModel()).isEqualTo("beside");
    }

    @Test
    void takesTheJsonFileLast() throws IOException {
        write("chat_template.json", "{\"chat_template\": \"json\"}");
        assertThat(ofModel()).isEqualTo("json");

        write("tokenizer_config.json", "{\"chat_template\": \"inside\"}");
        assertThat(ofModel()).isEqualTo("inside");
    }

    @Test
    void aModelWithoutTemplateRefusesOnlyConversations() {
        ChatTemplate none = ChatTemplates.ofModel(folder, CLOCK);

        assertThat(none.source()).isEmpty();
        assertThatThrownBy(() -> none.render(HELLO, GenerationPrompt.ADD))
                .isInstanceOf(DataException.class)
                .hasMessage("no chat template in " + folder
                        + " (chat_template.jinja, or chat_template in tokenizer_config.json),"
                        + " but messages need one that works");
    }

    @Test
    void aTemplateThatIsNotSupportedRefusesOnlyConversations() throws IOException {
        write("chat_template.jinja", "\n{% include 'x' %}");
        ChatTemplate unsupported = ChatTemplates.ofModel(folder, CLOCK);

        assertThat(unsupported.source()).contains("include");
        assertThatThrownBy(() -> unsupported.render(HELLO, GenerationPrompt.ADD))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("chat_template.jinja:2: statement 'include': not supported");
    }

    @Test
    void aTemplateOfTheUsersOwnMustBeSupported() throws IOException {
        Path file = write("own.jinja", "{{ x | nosuch }}");

        assertThatThrownBy(() -> ChatTemplates.ofFile(file, folder, CLOCK))
                .isInstanceOf(TemplateException.class)
                .hasMessage(file + ":1: filter 'nosuch': no such filter");
    }

    @Test
    void aTemplateOfTheUsersOwnSeesTheModelsTokens() throws IOException {
        Path file = write("own.jinja", "{{ bos_token }}{{ strftime_now('%d %b %Y') }}");

        assertThat(ChatTemplates.ofFile(file, folder, CLOCK).render(HELLO, GenerationPrompt.OMIT))
                .isEqualTo("<s>26 Jul 2024");
    }

    @Test
    void variablesAreAdded() throws IOException {
        write("chat_template.jinja", "{{ tools }}{{ bos_token }}");
        ChatTemplate template = ChatTemplates.ofModel(folder, CLOCK);

        assertThat(template.with(Map.of("tools", new TextNode("T"))).render(HELLO, GenerationPrompt.OMIT))
                .isEqualTo("T<s>");
        assertThat(template.render(HELLO, GenerationPrompt.OMIT)).isEqualTo("None<s>");
    }

    @Test
    void noneSaysThatItWasSwitchedOff() {
        assertThatThrownBy(() -> ChatTemplates.none().render(HELLO, GenerationPrompt.OMIT))
                .hasMessage("data.chat_template: got none, but messages need one that works");
    }

    @Test
    void refusesFilesThatHoldNoTemplate() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"t\"}]}");
        assertThatThrownBy(() -> ChatTemplates.ofModel(folder, CLOCK))
                .isInstanceOf(FormatException.class)
                .hasMessageEndingWith("(chat_template): expected a template, or a list of named ones with a 'default'");

        write("tokenizer_config.json", "{\"chat_template\": 5}");
        assertThatThrownBy(() -> ChatTemplates.ofModel(folder, CLOCK)).isInstanceOf(FormatException.class);

        Files.write(folder.resolve("chat_template.jinja"), new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> ChatTemplates.ofModel(folder, CLOCK))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("not readable as UTF-8");

        assertThatThrownBy(() -> ChatTemplates.ofFile(folder.resolve("none.jinja"), folder, CLOCK))
                .isInstanceOf(FormatException.class);

        Files.write(folder.resolve("big.jinja"), "x".repeat((4 << 20) + 1).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ChatTemplates.ofFile(folder.resolve("big.jinja"), folder, CLOCK))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("4194305 bytes, expected at most 4194304");
    }

    private String ofModel() {
        return ChatTemplates.ofModel(folder, CLOCK).render(HELLO, GenerationPrompt.ADD);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}

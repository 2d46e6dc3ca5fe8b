package org.dilort.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.stream.Stream;
import org.dilort.template.RenderOptions.GenerationPrompt;
import org.dilort.template.TemplateException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nine templates, four conversations, with and without the generation prompt. The expected texts come from Python's
 * jinja2 3.1.6 with the settings of transformers; {@code ERR} begins the message of a {@code raise_exception}.
 */
class GoldenConversationsTest {
    private static final String ERROR = "ERR ";

    static Stream<String> names() {
        return golden().get("out").propertyStream().map(Map.Entry::getKey);
    }

    private static JsonNode golden() {
        return Resources.json("conversations.json");
    }

    @ParameterizedTest
    @MethodSource("names")
    void rendersAsJinja2Does(String name) {
        String[] parts = name.split("\\|");
        ChatTemplate template = ChatTemplate.compile(Resources.text("templates/" + parts[0]), parts[0]);
        GenerationPrompt prompt = parts[2].equals("True") ? GenerationPrompt.ADD : GenerationPrompt.OMIT;
        RenderOptions options = new RenderOptions(
                prompt,
                Map.of("bos_token", TextNode.valueOf("<s>"), "eos_token", TextNode.valueOf("</s>")),
                Resources.CLOCK);
        JsonNode messages = golden().get("cases").get(parts[1]);
        String expected = golden().get("out").get(name).textValue();

        if (!expected.startsWith(ERROR)) {
            assertThat(template.render(messages, options)).isEqualTo(expected);
            return;
        }
        assertThatThrownBy(() -> template.render(messages, options))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RAISED))
                .hasMessageMatching(".*:[0-9]+: call of 'raise_exception': .*")
                .hasMessageEndingWith(": " + expected.substring(ERROR.length()));
    }

    @Test
    void thereAreSeventyTwo() {
        assertThat(names()).hasSize(72);
    }
}

package org.dilort.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.dilort.template.RenderOptions.GenerationPrompt;
import org.junit.jupiter.api.Test;

/**
 * Damaged templates on damaged conversations give a text, or one error that names a line of the template; no other
 * exception ever comes out. {@code -Ddil.fuzz=20000} sets the number of templates, {@code -Ddil.seed} the seed.
 */
class ChatTemplateFuzzTest {
    private static final long SEED = Long.getLong("dil.seed", 20261126L);
    private static final int TEMPLATES = Integer.getInteger("dil.fuzz", 4000);
    private static final Limits LIMITS = new Limits(1 << 20, 100, 300, 300_000, 2 << 20, 1 << 20, 150);
    private static final List<String> NAMES =
            List.of("gemma", "llama3", "llama31ish", "misc", "mistral", "mistral_old", "qwen25", "qwen3ish", "zephyr");
    private static final List<String> PIECES = List.of(
            "{{ ",
            " }}",
            "{% ",
            " %}",
            "{%- ",
            " -%}",
            "{# ",
            " #}",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            "\"",
            "\\",
            "\n",
            "|",
            " is ",
            " not ",
            " in ",
            "+",
            "-",
            "*",
            "/",
            "//",
            "%",
            "**",
            "~",
            "==",
            "<",
            ".",
            ",",
            ":",
            "=",
            "0",
            "-1",
            "99999999999",
            "1e308",
            "'a'",
            "none",
            "true",
            "messages",
            "message",
            "loop",
            "ns",
            "range(",
            "[::-1]",
            "{% for x in messages %}",
            "{% endfor %}",
            "{% if x %}",
            "{% endif %}",
            "{% else %}",
            "{% set x = ",
            "{% macro m(",
            "{% endmacro %}",
            "{% raw %}",
            "{% endraw %}",
            "{% break %}",
            "{% generation %}",
            "{% endgeneration %}",
            "|tojson",
            "|join",
            "|length",
            "|first",
            "|list",
            "|map('upper')",
            "|trim",
            ".items()",
            ".split(",
            ".strip()",
            ".get('content')",
            " * 9999",
            " ** 999",
            "namespace(",
            "raise_exception(",
            "\u0000",
            "😀",
            "\ud83d",
            "é");

    private final ObjectMapper json = new ObjectMapper();

    @Test
    void damageEndsInATextOrInOneError() {
        List<String> sources = sources();
        List<JsonNode> conversations = conversations();
        int refused = 0;
        for (int i = 0; i < TEMPLATES; i++) {
            SplittableRandom random = new SplittableRandom(SEED + i);
            String source = damaged(sources, random);
            JsonNode messages = damaged(conversations.get(random.nextInt(conversations.size())), random);
            refused += isRefused(source, messages, random, SEED + i) ? 1 : 0;
        }
        assertThat(refused)
                .as("templates refused, seed %d", SEED)
                .isGreaterThan(TEMPLATES / 4)
                .isLessThan(TEMPLATES);
    }

    private static boolean isRefused(String source, JsonNode messages, SplittableRandom random, long seed) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        variables.put("bos_token", TextNode.valueOf("<s>"));
        variables.put("eos_token", TextNode.valueOf("</s>"));
        if (random.nextBoolean()) {
            variables.put("tools", messages);
        }
        GenerationPrompt prompt = random.nextBoolean() ? GenerationPrompt.ADD : GenerationPrompt.OMIT;
        try {
            ChatTemplate.compile(source, "fuzz", LIMITS)
                    .render(messages, new RenderOptions(prompt, variables, Resources.CLOCK));
            return false;
        } catch (TemplateException e) {
            assertThat(e.line()).as("seed %d", seed).isBetween(1, lines(source));
            assertThat(e).as("seed %d", seed).hasMessageMatching("fuzz:" + e.line() + ": [^\\n\\r]+: [^\\n\\r]*");
            return true;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + source, e);
        }
    }

    private static int lines(String source) {
        return 1 + (int) source.chars().filter(c -> c == '\n' || c == '\r').count();
    }

    private static List<String> sources() {
        List<String> sources = new ArrayList<>();
        NAMES.forEach(name -> sources.add(Resources.text("templates/" + name + ".jinja")));
        for (JsonNode test : Resources.json("cases.json").get("cases")) {
            sources.add(test.get("template").textValue());
        }
        return sources;
    }

    private static List<JsonNode> conversations() {
        List<JsonNode> conversations = new ArrayList<>();
        Resources.json("conversations.json").get("cases").forEach(conversations::add);
        conversations.add(Resources.json("cases.json").get("messages"));
        return conversations;
    }

    private static String damaged(List<String> sources, SplittableRandom random) {
        StringBuilder text = new StringBuilder(sources.get(random.nextInt(sources.size())));
        int changes = random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(1 + random.nextInt(40)));
            String other = sources.get(random.nextInt(sources.size()));
            int start = random.nextInt(other.length() + 1);
            switch (random.nextInt(6)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, text.substring(at, end));
                case 2 -> text.insert(at, other, start, Math.min(other.length(), start + random.nextInt(60)));
                case 3 -> text.insert(at, (char) random.nextInt(random.nextInt(10) == 0 ? 0x10000 : 0x80));
                default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        return text.toString();
    }

    /** Some fields gone, some of another type. */
    private JsonNode damaged(JsonNode node, SplittableRandom random) {
        if (random.nextInt(40) == 0) {
            return other(random);
        }
        if (node.isArray()) {
            var list = json.createArrayNode();
            node.forEach(item -> list.add(damaged(item, random)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = json.createObjectNode();
        node.properties().forEach(field -> {
            if (random.nextInt(30) > 0) {
                object.set(field.getKey(), damaged(field.getValue(), random));
            }
        });
        return object;
    }

    private JsonNode other(SplittableRandom random) {
        JsonNodeFactory nodes = json.getNodeFactory();
        return switch (random.nextInt(8)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.numberNode(random.nextInt(-3, 4));
            case 2 -> nodes.numberNode(random.nextDouble());
            case 3 -> nodes.booleanNode(random.nextBoolean());
            case 4 -> nodes.arrayNode();
            case 5 -> nodes.objectNode();
            case 6 -> nodes.textNode("x".repeat(random.nextInt(2000)));
            default -> nodes.textNode("{{ 1 }}\n\u0000😀</s>");
        };
    }
}

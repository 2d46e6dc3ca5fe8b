package org.dilort.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dilort.template.RenderOptions.GenerationPrompt;
import org.dilort.template.TemplateException.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small templates, each with what Python's jinja2 3.1.6 made of it on Python 3.11, under the settings and with the
 * helpers of transformers: a text, or an error with its line. {@code cases} goes through the constructs one by one;
 * {@code expressions} and {@code whitespace} are drawn at random.
 */
class JinjaCasesTest {
    private static final JsonNode SHARED = Resources.json("cases.json");

    static Stream<JsonNode> cases() {
        return Stream.of("cases", "expressions", "whitespace").flatMap(JinjaCasesTest::read);
    }

    private static Stream<JsonNode> read(String file) {
        JsonNode cases = Resources.json(file + ".json").get("cases");
        return IntStream.range(0, cases.size()).mapToObj(cases::get);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doesWhatJinja2Does(JsonNode test) {
        String source = test.get("template").textValue();

        if (test.has("expected")) {
            assertThat(render(source)).isEqualTo(test.get("expected").textValue());
            return;
        }
        int line = test.get("line").intValue();
        assertThatThrownBy(() -> render(source))
                .isInstanceOfSatisfying(TemplateException.class, e -> {
                    assertThat(e.kind()).isIn(kinds(test.get("error").textValue()));
                    assertThat(e.line()).isEqualTo(line);
                })
                .hasMessageStartingWith("case:" + line + ": ");
    }

    private static Set<Kind> kinds(String error) {
        return switch (error) {
            case "SYNTAX" -> Set.of(Kind.SYNTAX, Kind.UNSUPPORTED);
            case "EVALUATION" -> Set.of(Kind.EVALUATION, Kind.LIMIT, Kind.UNSUPPORTED);
            default -> Set.of(Kind.valueOf(error));
        };
    }

    private static String render(String source) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        SHARED.get("variables").properties().forEach(entry -> variables.put(entry.getKey(), entry.getValue()));
        RenderOptions options = new RenderOptions(GenerationPrompt.ADD, variables, Resources.CLOCK);
        return ChatTemplate.compile(source, "case").render(SHARED.get("messages"), options);
    }

    @ParameterizedTest
    @CsvSource({"cases,400", "expressions,400", "whitespace,200"})
    void thereAreHundreds(String file, int least) {
        assertThat(read(file)).hasSizeGreaterThanOrEqualTo(least);
    }
}

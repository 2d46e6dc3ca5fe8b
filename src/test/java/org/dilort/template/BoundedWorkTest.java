package org.dilort.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dilort.template.RenderOptions.GenerationPrompt;
import org.dilort.template.TemplateException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that want the whole machine get an error, on a small stack and in the time of a test. */
class BoundedWorkTest {
    private static final long STACK_BYTES = 512 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Makes a text of 2^21 characters. */
    private static final String LONG =
            "{% set ns = namespace(x='a') %}{% for i in range(21) %}{% set ns.x = ns.x + ns.x %}{% endfor %}";

    private static final String DEEP =
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}";

    static Stream<String> greedy() {
        return Stream.of(
                "{{ 'a' * 10 ** 12 }}",
                "{{ [0] * 10 ** 12 }}",
                "{{ (0,) * 10 ** 7 }}",
                "{{ range(10 ** 9) | list }}",
                "{{ range(100001) }}",
                "{{ 9 ** (9 ** 9) }}",
                "{{ 10 ** 5000 }}",
                "{{ ('9' * 5000) | int }}",
                "{% set ns = namespace(x=2) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=1) %}{% for i in range(999) %}{% set ns.x = [ns.x] %}{% endfor %}",
                "{% set ns = namespace(x=1) %}{% for i in range(999) %}{% set ns.x = (ns.x,) %}{% endfor %}",
                "{% set ns = namespace(x=1) %}{% for i in range(999) %}{% set ns.x = {'k': ns.x} %}{% endfor %}",
                DEEP + "{{ ns.x }}",
                DEEP + "{{ ns.x | tojson }}",
                DEEP + "{% set y = namespace(x=[1]) %}{% for i in range(60) %}{% set y.x = [y.x, y.x] %}{% endfor %}"
                        + "{{ ns.x == y.x }}",
                "{% for a in range(10 ** 5) %}{% for b in range(10 ** 5) %}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(n) %}{{ m(n) ~ m(n) }}{% endmacro %}{{ m(1) }}",
                "{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}"
                        + "{% endmacro %}{{ n() }}",
                "{{ 'a'.center(10 ** 9) }}",
                "{{ 'a'.ljust(10 ** 9) }}",
                "{{ '1'.zfill(10 ** 9) }}",
                "{{ 'a' | center(10 ** 9) }}",
                "{{ 'a\\nb' | indent(10 ** 9) }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '%.999999999f' % 1 }}",
                "{{ [1] | tojson(indent=10 ** 9) }}",
                "{{ 1.5 | round(10 ** 9) }}",
                "{{ [1] | batch(10 ** 9, 0) | list }}",
                "{{ [1] | slice(10 ** 9) | list }}",
                LONG + "{{ ns.x.replace('a', ns.x) }}",
                LONG + "{{ ns.x.replace('', ns.x) }}",
                LONG + "{{ ns.x | list }}",
                LONG + "{{ ns.x.split('a') }}",
                LONG + "{{ ns.x.replace('a', ' a').split() }}",
                LONG + "{% for c in ns.x %}{% endfor %}",
                LONG + "{{ (ns.x + 'b') in (ns.x + ns.x) }}",
                LONG + "{% for i in range(10 ** 5) %}{{ 'b' in ns.x }}{% endfor %}",
                LONG + "{% for i in range(10 ** 5) %}{{ ns.x }}{% endfor %}",
                LONG + "{% for i in range(10 ** 5) %}{% set y = ns.x | upper %}{% endfor %}",
                LONG + "{% for i in range(10 ** 5) %}{% set y = ns.x[::-1] %}{% endfor %}",
                LONG + "{% for i in range(10 ** 5) %}{% set y = ns.x == ns.x ~ 'b' %}{% endfor %}",
                LONG + "{{ ns.x.join([ns.x, ns.x, ns.x]) }}",
                LONG + "{{ [ns.x, ns.x, ns.x] | join }}",
                LONG + "{{ [ns.x, ns.x, ns.x] }}",
                LONG + "{{ strftime_now('%A' ~ ns.x ~ ns.x) }}",
                "{% for i in range(10 ** 5) %}{% set y = range(10 ** 5) | sort(reverse=true) %}{% endfor %}",
                "{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns.x }}",
                "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns.x | tojson }}");
    }

    @ParameterizedTest
    @MethodSource("greedy")
    void greedyTemplatesEndInOneError(String source) {
        Throwable end = endOf(source, "[]");

        assertThat(end).isInstanceOfSatisfying(TemplateException.class, e -> {
            assertThat(e.kind()).isIn(Kind.LIMIT, Kind.EVALUATION);
            assertThat(e.line()).isEqualTo(1);
            assertThat(e).hasMessageMatching("greedy:1: .+: .+");
        });
    }

    static Stream<List<String>> nested() {
        return Stream.of(
                List.of("{{ ", "(", "1", ")", " }}"),
                List.of("{{ ", "[", "1", "]", " }}"),
                List.of("{{ ", "{1:", "1", "}", " }}"),
                List.of("{{ ", "not ", "1", "", " }}"),
                List.of("{{ ", "-", "1", "", " }}"),
                List.of("{{ ", "1 if 0 else ", "1", "", " }}"),
                List.of("{{ a", "[a", "", "]", " }}"),
                List.of("{{ ", "f(", "", ")", " }}"),
                List.of("{{ a", "|d(a", "", ")", " }}"),
                List.of("{{ 1", "", "", " + 1", " }}"),
                List.of("{{ 1", "", "", " and 1", " }}"),
                List.of("{{ a", "", "", "|list", " }}"),
                List.of("{{ []", "", "", " is defined", " }}"),
                List.of("{{ ns", "", "", ".ns", " }}"),
                List.of("{{ m", "", "", "()", " }}"),
                List.of("", "{% if 1 %}", "", "{% endif %}", ""),
                List.of("", "{% for i in [1] %}", "", "{% endfor %}", ""),
                List.of("", "{% set x %}", "", "{% endset %}", ""),
                List.of("", "{% filter upper %}", "", "{% endfilter %}", ""),
                List.of("", "{% macro m() %}", "", "{% endmacro %}", ""),
                List.of("{% set ", "(", "a", ",)", "= 1 %}"),
                List.of("{% for ", "(", "a", ",)", " in [1] %}{% endfor %}"));
    }

    @ParameterizedTest
    @MethodSource("nested")
    void nestingEndsInOneError(List<String> parts) {
        String define = "{% macro m() %}{% endmacro %}{% set ns = namespace() %}{% set ns.ns = ns %}";
        int times = 20_000;
        String source = define
                + parts.get(0)
                + parts.get(1).repeat(times)
                + parts.get(2)
                + parts.get(3).repeat(times)
                + parts.get(4);

        Throwable end = endOf(source, "[]");

        assertThat(end).isInstanceOf(TemplateException.class).hasMessageMatching("greedy:1: .+: .+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ",
                "{% ",
                "{# ",
                "{% raw %}",
                "{{ '",
                "{{ 1_",
                "{{ [",
                "\n",
                "{",
                "{{ 1 }}",
                "{% if 1 %}{% endif %}"
            })
    void longSourcesAreReadInTime(String piece) {
        Throwable end = endOf(piece.repeat(Limits.DEFAULT.source() / piece.length()), "[]");

        assertThat(end).isInstanceOfAny(TemplateException.class, NoEnd.class);
    }

    @Test
    void aSourceHasALimit() {
        String source = " ".repeat(Limits.DEFAULT.source() + 1);

        assertThatThrownBy(() -> ChatTemplate.compile(source, "greedy"))
                .hasMessage("greedy:1: template: 1048577 characters, expected at most 1048576");
    }

    @Test
    void dataHasALimitOfDepth() {
        JsonNode deep = new ObjectMapper().createArrayNode();
        for (int i = 0; i < 10_000; i++) {
            ArrayNode around = new ObjectMapper().createArrayNode();
            around.add(deep);
            deep = around;
        }
        JsonNode messages = deep;

        assertThatThrownBy(() -> ChatTemplate.compile("", "greedy").render(messages, options()))
                .hasMessage("greedy:1: variables: values nested deeper than 150");
    }

    @Test
    void everyLimitIsNamed() {
        assertThat(message("{{ 1 + 1 }}", new Limits(100, 100, 100, 3, 100, 100, 100)))
                .isEqualTo("greedy:1: literal: more than 3 steps");
        assertThat(message("\n{{ 'abc' ~ 'def' }}", new Limits(100, 100, 100, 100, 5, 100, 100)))
                .isEqualTo("greedy:2: '~': more than 5 characters of text in all");
        assertThat(message("{{ 'abc' ~ 'def' }}", new Limits(100, 100, 100, 100, 100, 5, 100)))
                .isEqualTo("greedy:1: '~': a value of 6 characters or elements, expected at most 5");
        assertThat(message("{{ 1 + (2 + 3) }}", new Limits(100, 100, 3, 100, 100, 100, 100)))
                .isEqualTo("greedy:1: literal: nested deeper than 3 evaluations");
        assertThat(message("{{ [[]] }}", new Limits(100, 100, 100, 100, 100, 100, 1)))
                .isEqualTo("greedy:1: list: values nested deeper than 1");
        assertThat(message("{{\n((1)) }}", new Limits(100, 3, 100, 100, 100, 100, 100)))
                .isEqualTo("greedy:2: expression: nested deeper than 3 levels");
    }

    private static String message(String source, Limits limits) {
        try {
            return ChatTemplate.compile(source, "greedy", limits).render(noMessages(), options());
        } catch (TemplateException e) {
            assertThat(e.kind()).isEqualTo(Kind.LIMIT);
            return String.valueOf(e.getMessage());
        }
    }

    private static Throwable endOf(String source, String messages) {
        Throwable[] end = {new NoEnd()};
        Thread thread = new Thread(null, () -> render(source, end), "template", STACK_BYTES);
        thread.start();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).as("still at work after %s", PATIENCE).isFalse();
        return end[0];
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void render(String source, Throwable[] end) {
        try {
            ChatTemplate.compile(source, "greedy").render(noMessages(), options());
        } catch (RuntimeException | Error e) {
            end[0] = e;
        }
    }

    private static JsonNode noMessages() {
        return new ObjectMapper().createArrayNode();
    }

    private static RenderOptions options() {
        return new RenderOptions(GenerationPrompt.OMIT, Map.of(), Resources.CLOCK);
    }

    /** The template came to its end. */
    private static final class NoEnd extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}

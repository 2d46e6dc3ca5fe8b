package org.dilort.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.dilort.template.RenderOptions.GenerationPrompt;
import org.dilort.template.TemplateException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users and callers see: messages, kinds, variables. What templates compute is in {@link JinjaCasesTest}. */
class ChatTemplateTest {
    private static final RenderOptions OPTIONS = new RenderOptions(GenerationPrompt.OMIT, Map.of(), Resources.CLOCK);

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{% for x in l recursive %}{% endfor %} # 'for': recursive loops are not supported",
                "{% include 'a' %}                      # statement 'include': not supported",
                "{% extends 'a' %}                      # statement 'extends': not supported",
                "{% import 'a' as b %}                  # statement 'import': not supported",
                "{% from 'a' import b %}                # statement 'from': not supported",
                "{% block a %}{% endblock %}            # statement 'block': not supported",
                "{% autoescape true %}{% endautoescape %} # statement 'autoescape': not supported",
                "{% do x %}                             # statement 'do': not supported",
                "{% nosuch %}                           # statement 'nosuch': no such statement here",
                "{% if x %}{% nosuch %}{% endif %}      # statement 'nosuch': no such statement here, expected"
                        + " 'elif' or 'else' or 'endif'",
                "{{ x | escape }}                       # filter 'escape': this filter is not supported",
                "{{ x | groupby('a') }}                 # filter 'groupby': this filter is not supported",
                "{{ x | tojsn }}                        # filter 'tojsn': no such filter; did you mean 'tojson'?",
                "{% set y | nosuch %}{% endset %}       # filter 'nosuch': no such filter",
                "{{ x is strin }}                       # test 'strin': no such test; did you mean 'string'?",
                "{{ f(*x) }}                            # call: '*' before an argument",
                "{{ f(**x) }}                           # call: '**' before an argument",
                "{{ joiner(', ') }}                     # 'joiner': not supported",
                "{{ cycler('a') }}                      # 'cycler': not supported",
                "{{ lipsum() }}                         # 'lipsum': not supported",
                "{% macro m() %}{{ varargs }}{% endmacro %} # 'varargs': not supported",
                "{% macro m() %}{{ kwargs }}{% endmacro %} # 'kwargs': not supported",
                "{{ 0xff }}                             # number: numbers that are not decimal",
                "{{ '\\N{DASH}' }}                      # string: \\N{name}"
            })
    void unsupportedConstructsAreNamedWhenCompiled(String source, String message) {
        assertThatThrownBy(() -> ChatTemplate.compile("first line\n" + source, "m/chat_template.jinja"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
                .hasMessage("m/chat_template.jinja:2: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{{ messages[0].rol.x }}        # '.x': 'dict object' has no attribute 'rol'",
                "{{ messages[9].role }}         # '.role': list object has no element 9",
                "{{ mesages[0].role }}          # subscript: 'mesages' is undefined",
                "{{ 'a' + 1 }}                  # '+': unsupported operand type(s) for +: 'str' and 'int'",
                "{{ [] | tojson(indent='x', y=1) }} # filter 'tojson': tojson() got an unexpected keyword argument 'y'",
                "{{ x | tojson }}               # filter 'tojson': Object of type Undefined is not JSON serializable",
                "{{ 'a'.encode('utf-8') }}      # '.encode': method 'encode' of 'str'",
                "{{ [1].append(2) }}            # call of '.append': access to attribute 'append' of 'list' object is unsafe.",
                "{{ nothing('a') }}             # call of 'nothing': 'nothing' is undefined",
                "{% for a, b in [1] %}{% endfor %} # 'for': 'int' object is not iterable",
                "{% for a in 5 %}{% endfor %}   # 'for': 'int' object is not iterable",
                "{% set messages.x = 1 %}       # 'set': cannot assign attribute on non-namespace object 'messages'",
                "{% macro m(a) %}{% endmacro %}{{ m(b=1) }} # call of 'm': macro 'm' takes no keyword argument 'b'",
                "{{ messages | map('upper') }}  # output: 'generator' object has no text",
                "{{ namespace() }}              # output: 'Namespace' object has no text",
                "{{ range(2)[0:1] }}            # slice: slices of a range",
                "{{ strftime_now('%Q') }}       # call of 'strftime_now': date format '%Q'"
            })
    void mistakesNameTheLineAndTheConstruct(String source, String message) {
        assertThatThrownBy(() -> render("\n\n" + source)).hasMessage("t:3: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{{ 1 2 }}             # output: got '2', expected '}}'",
                "{{ }}                 # expression: got '}}', expected an expression",
                "{{ x                  # '{{': no end of the tag",
                "{% if x               # '{%': no end of the tag",
                "{% if x %}            # 'if': got the end of the template, expected 'elif' or 'else' or 'endif'",
                "{% for x of y %}      # 'for': got 'of', expected 'in'",
                "{% macro m(a b) %}    # macro 'm': got 'b', expected ')'",
                "{{ (1 }}              # bracket: unexpected '}', expected ')'",
                "{{ 'x }}              # string: no closing '",
                "{{ € }}               # character: unexpected '€'",
                "{% raw %}{{ x }}      # raw block: no end of the block",
                "`{# x`                # comment: no end of the comment",
                "{% break %}           # 'break': no loop around it in the same block",
                "{% set 1 = 2 %}       # 'set': got '1', expected a name to assign to",
                "{% call x %}{% endcall %} # 'call': expected a call",
                "{{ 1 if }}            # expression: got '}}', expected an expression"
            })
    void brokenTemplatesNameTheLineAndTheConstruct(String source, String message) {
        assertThatThrownBy(() -> ChatTemplate.compile("\n" + source, "t"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SYNTAX))
                .hasMessageMatching("t:2: " + Pattern.quote(message) + ".*");
    }

    @Test
    void aTemplateMayRefuseAConversation() {
        String source = "{% for m in messages %}\n{{ raise_exception('no ' ~ m.role ~ '\nhere') }}{% endfor %}";

        assertThatThrownBy(() -> render(source))
                .isInstanceOfSatisfying(TemplateException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.RAISED);
                    assertThat(e.line()).isEqualTo(2);
                })
                .hasMessage("t:2: call of 'raise_exception': no user here");
    }

    @Test
    void longMessagesAreCut() {
        assertThatThrownBy(() -> render("{{ raise_exception('x' * 1000) }}"))
                .hasMessage("t:1: call of 'raise_exception': " + "x".repeat(300) + " ...");
    }

    @Test
    void seesTheVariablesThatItIsGiven() {
        RenderOptions options = new RenderOptions(
                GenerationPrompt.ADD, Map.of("bos_token", new TextNode("<s>"), "tools", messages()), Resources.CLOCK);
        ChatTemplate template = ChatTemplate.compile(
                "{{ bos_token }}{{ tools | length }}{{ documents }}{{ add_generation_prompt }}{{ eos_token }}", "t");

        assertThat(template.render(messages(), options)).isEqualTo("<s>1NoneTrue");
        assertThat(ChatTemplate.compile("{{ tools }}{{ add_generation_prompt }}", "t")
                        .render(messages(), OPTIONS))
                .isEqualTo("NoneFalse");
    }

    @Test
    void rendersOnSeveralThreadsAtOnce() {
        ChatTemplate template = ChatTemplate.compile(
                "{% set ns = namespace(n=0) %}{% for i in range(100) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
                "t");

        List<String> texts = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> template.render(messages(), OPTIONS))
                .distinct()
                .toList();

        assertThat(texts).containsExactly("4950");
    }

    private static String render(String source) {
        return ChatTemplate.compile(source, "t").render(messages(), OPTIONS);
    }

    private static JsonNode messages() {
        return new ObjectMapper()
                .createArrayNode()
                .add(new ObjectMapper().createObjectNode().put("role", "user").put("content", "hi"));
    }
}

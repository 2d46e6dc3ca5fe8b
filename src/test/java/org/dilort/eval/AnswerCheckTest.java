package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.dilort.data.ChatTemplates;
import org.dilort.error.ConfigException;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerCheckTest {
    private static final Pattern ANSWER = Pattern.compile("= ([0-9 ]+)");

    @TempDir
    private Path temp;

    @Test
    void comparesTheFirstGroupOnly() {
        List<Question> questions = List.of(
                new Question("2+2", "so = 4."),
                new Question("2+3", "= 5"),
                new Question("1+1", "= 2"),
                new Question("3+3", "= 6"));
        List<String> answers = List.of("it is = 4 , as = 9", "= 55", "two", "6");

        AnswerCheck.Report report = new AnswerCheck(ANSWER, 10).run(questions, prompts -> answers);

        assertThat(report.samples()).extracting(AnswerCheck.Sample::right).containsExactly(true, false, false, false);
        assertThat(report.right()).isEqualTo(1);
        assertThat(report.share()).isEqualTo(0.25);
        assertThat(report.samples().get(1)).isEqualTo(new AnswerCheck.Sample(questions.get(1), "= 55", false));
    }

    @Test
    void asksInBatches() {
        List<Question> questions =
                List.of(new Question("a", "= 1"), new Question("b", "= 2"), new Question("c", "= 3"));
        List<List<String>> asked = new ArrayList<>();

        AnswerCheck.Report report = new AnswerCheck(ANSWER, 2).run(questions, prompts -> {
            asked.add(prompts);
            return prompts.stream()
                    .map(prompt -> "= " + (prompt.charAt(0) - 'a' + 1))
                    .toList();
        });

        assertThat(asked).containsExactly(List.of("a", "b"), List.of("c"));
        assertThat(report.share()).isEqualTo(1);
    }

    @Test
    void aGroupThatTookNoPartIsNoAnswer() {
        AnswerCheck check = new AnswerCheck(Pattern.compile("x|= ([0-9])"), 1);

        assertThat(check.run(List.of(new Question("p", "= 1")), prompts -> List.of("x"))
                        .share())
                .isZero();
    }

    @Test
    void refusesWhatCannotBeChecked() {
        AnswerCheck check = new AnswerCheck(ANSWER, 1);

        assertThatThrownBy(() -> check.run(List.of(new Question("p", "no number")), prompts -> List.of("= 1")))
                .isInstanceOf(DataException.class)
                .hasMessage("chosen response \"no number\": the answer pattern = ([0-9 ]+) is not in it");
        assertThatThrownBy(() -> check.run(List.of(), prompts -> List.of()))
                .isInstanceOf(DataException.class)
                .hasMessage("no questions to answer");
        assertThatThrownBy(() -> new AnswerCheck(Pattern.compile("[0-9]"), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AnswerCheck(ANSWER, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsTheFirstQuestionsOfTheFiles() throws IOException {
        Path first = Files.writeString(temp.resolve("a.jsonl"), """
                {"prompt": "p1", "chosen": "c1", "rejected": "r1"}
                {"prompt": "p2", "chosen": "c2"}
                """);
        Path second = Files.writeString(temp.resolve("b.jsonl"), "{\"prompt\": \"p3\", \"chosen\": \"c3\"}\n");

        assertThat(Question.read(List.of(first, second), ChatTemplates.none(), 3))
                .containsExactly(new Question("p1", "c1"), new Question("p2", "c2"), new Question("p3", "c3"));
        assertThat(Question.read(List.of(first, second), ChatTemplates.none(), 1))
                .containsExactly(new Question("p1", "c1"));
    }

    @Test
    void readsConversationsAsTheTemplateRendersThem() throws IOException {
        Path file = Files.writeString(temp.resolve("a.jsonl"), """
                {"prompt": [{"role": "user", "content": "p"}], "chosen": [{"role": "assistant", "content": "c"}]}
                """);
        Path template = Files.writeString(
                temp.resolve("t.jinja"),
                "{% for m in messages %}<{{ m.role }}>{{ m.content }};{% endfor %}"
                        + "{% if add_generation_prompt %}<assistant>{% endif %}");

        assertThat(Question.read(List.of(file), ChatTemplates.ofFile(template, temp, ChatTemplates.DATA_CLOCK), 1))
                .containsExactly(new Question("<user>p;<assistant>", "c;"));
    }

    @Test
    void refusesQuestionsThatAreNoText() throws IOException {
        Path file = Files.writeString(temp.resolve("a.jsonl"), "{\"prompt_ids\": [1], \"chosen_ids\": [2]}\n");

        assertThatThrownBy(() -> Question.read(List.of(file), ChatTemplates.none(), 1))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        file + ":1: answers can be checked for texts and messages, got ready-made token ids");
    }

    /** With 20 stars before a letter that is not there, n letters can be divided in n^20 ways; the answer has 60. */
    @Test
    void patternThatBacktracksWithoutEndIsRefused() {
        AnswerCheck check = new AnswerCheck(Pattern.compile("(.*a){20}b"), 1);
        assertThatThrownBy(() ->
                        check.run(List.of(new Question("q", "a".repeat(20) + "b")), prompts -> List.of("a".repeat(60))))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("eval.generate.answer_pattern: (.*a){20}b backtracks without end");
    }
}

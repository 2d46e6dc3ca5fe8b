package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows as they are found in public preference data; the explicit forms are {@link ExampleReaderTest}'s. */
class RowShapesTest {
    private static final String GREETING = "\\n\\nHuman: Hi\\n\\nAssistant: Hello\\n\\nHuman: 2+2?\\n\\nAssistant:";

    @TempDir
    private Path folder;

    private Path file;
    private SourceLine source;

    @BeforeEach
    void name() {
        file = folder.resolve("pairs.jsonl");
        source = new SourceLine(file, 1);
    }

    @Test
    void splitsTranscriptsAtTheLastAssistantTurnThatTheyShare() throws IOException {
        write("{'chosen': '" + GREETING + " 4, of course', 'rejected': '" + GREETING + " 4?'}");

        assertThat(read())
                .containsExactly(new PreferenceExample.Text(
                        source,
                        "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: 2+2?\n\nAssistant:",
                        " 4, of course",
                        " 4?"));
        assertThat(report().summary()).isEqualTo(file + ": JSON lines, 1 rows: Human/Assistant transcripts");
    }

    @Test
    void keepsLaterTurnsOfATranscriptInTheResponse() throws IOException {
        // The conversations part at the first answer; what follows belongs to each response.
        write("{'chosen': '\\n\\nHuman: Hi\\n\\nAssistant: Yo\\n\\nHuman: x\\n\\nAssistant: y',"
                + " 'rejected': '\\n\\nHuman: Hi\\n\\nAssistant: Yes'}");

        assertThat(read())
                .containsExactly(new PreferenceExample.Text(
                        source, "\n\nHuman: Hi\n\nAssistant:", " Yo\n\nHuman: x\n\nAssistant: y", " Yes"));
    }

    @Test
    void takesAPromptBesideTranscriptsAsItIs() throws IOException {
        write("{'prompt': 'q', 'chosen': 'Human: a', 'rejected': 'Human: b'}");

        assertThat(read()).containsExactly(new PreferenceExample.Text(source, "q", "Human: a", "Human: b"));
    }

    @Test
    void writesThePromptOfASummaryComparison() throws IOException {
        write("{'info': {'id': 't3', 'post': 'I (27F) ...', 'title': 'Help', 'subreddit': 'relationships'},"
                + " 'summaries': [{'text': ' no comma', 'policy': 'sup'}, {'text': 'better'}], 'choice': 1}");

        // The headings and blank lines are those of OpenAI's own query format for TL;DR.
        assertThat(read())
                .containsExactly(new PreferenceExample.Text(
                        source,
                        "SUBREDDIT: r/relationships\n\nTITLE: Help\n\nPOST: I (27F) ...\n\nTL;DR:",
                        " better",
                        " no comma"));
    }

    @Test
    void writesThePromptOfANewsComparison() throws IOException {
        write("{'info': {'article': 'News.'}, 'summaries': [{'text': ' a'}, {'text': ' b'}], 'choice': 0}");

        assertThat(read())
                .containsExactly(new PreferenceExample.Text(source, "Article:\n\nNews.\n\nTL;DR:", " a", " b"));
    }

    @Test
    void pairsEveryCompletionWithEveryWorseOne() throws IOException {
        write("{'prompt': 'q', 'completions': ['a', 'b', 'c', 'd'], 'scores': [2, 5, 2, 1.5]}");

        assertThat(texts(RankedPairs.ALL)).containsExactly("b>a", "b>c", "b>d", "a>d", "c>d");
        assertThat(texts(RankedPairs.BEST_WORST)).containsExactly("b>d");
    }

    @Test
    void makesNoPairOfEqualCompletions() throws IOException {
        write("{'prompt': 'q', 'completions': ['a', 'b'], 'scores': [3, 3]}");

        assertThat(read()).isEmpty();
        assertThat(report().summary()).isEqualTo(file + ": JSON lines, 1 rows: ranked completions");
    }

    @Test
    void readsUltraFeedbackAsItWasCollected() throws IOException {
        // fine-grained_score decides; the overall scores say the opposite.
        write("{'instruction': 'q', 'completions': [{'response': 'a', 'overall_score': 9, 'fine-grained_score': 3.25},"
                + " {'response': 'b', 'overall_score': 2, 'fine-grained_score': 4.5}]}");

        assertThat(texts(RankedPairs.ALL)).containsExactly("b>a");
    }

    @Test
    void readsRankedConversations() throws IOException {
        write("{'context': [{'role': 'user', 'content': 'q'}], 'completions': ["
                + "{'rank': 1, 'completion': [{'role': 'assistant', 'content': 'worse'}]},"
                + "{'rank': 0, 'completion': [{'role': 'assistant', 'content': 'better'}]}]}");

        assertThat(read())
                .containsExactly(new PreferenceExample.Messages(
                        source,
                        List.of(new Message("user", "q")),
                        List.of(new Message("assistant", "better")),
                        List.of(new Message("assistant", "worse"))));
    }

    @Test
    void readsRankedAnswers() throws IOException {
        write("{'prompt': 'q', 'answers': [{'answer': 'c', 'rank': 3}, {'answer': 'a', 'rank': 1},"
                + " {'answer': 'b', 'rank': 2}]}");

        assertThat(texts(RankedPairs.ALL)).containsExactly("a>b", "a>c", "b>c");
    }

    @Test
    void readsUltraFeedbackBinarizedWhosePromptIsAStringBesideConversations() throws IOException {
        write("{'prompt': 'q', 'chosen': [{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'a'}],"
                + " 'rejected': [{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'b'}]}");

        assertThat(read())
                .containsExactly(new PreferenceExample.Messages(
                        source,
                        List.of(new Message("user", "q")),
                        List.of(new Message("assistant", "a")),
                        List.of(new Message("assistant", "b"))));
    }

    @Test
    void takesAPromptThatIsAStringAsTheUsersMessageWhereResponsesAreMessages() throws IOException {
        write("{'prompt': 'q', 'chosen': [{'role': 'assistant', 'content': 'a'}],"
                + " 'rejected': [{'role': 'assistant', 'content': 'b'}]}");

        assertThat(read())
                .extracting(example -> ((PreferenceExample.Messages) example).prompt())
                .containsExactly(List.of(new Message("user", "q")));
    }

    @Test
    void countsTheRowsOfEachShape() throws IOException {
        write("{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}\n{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}\n"
                + "{'prompt_ids': [1], 'chosen_ids': [2], 'rejected_ids': [3]}");

        assertThat(report().summary()).isEqualTo(file + ": JSON lines, 3 rows: 2 strings with a prompt; 1 token ids");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt': 'q', 'completion': 'a', 'label': true} | got a completion and a label, which is unpaired"
                        + " data",
                "{'question': 'q', 'response_j': 'a', 'response_k': 'b'} | chosen: missing; this row has question,"
                        + " response_j, response_k",
                "{'chosen': 'Human: a', 'rejected': 'Human: b'} | prompt: missing, and chosen and rejected have no turn",
                "{'chosen': '\\n\\nHuman: a\\n\\nAssistant:', 'rejected': '\\n\\nHuman: a\\n\\nAssistant: b'} | chosen:"
                        + " empty response",
                "{'chosen': '\\n\\nHuman: a\\n\\nAssistant: b'} | rejected: missing; the prompt of a transcript",
                "{'info': {'post': 'p'}, 'summaries': [{'text': 'a'}, {'text': 'b'}], 'choice': 0} | info.subreddit:"
                        + " got nothing, expected a string",
                "{'info': {'article': 'p'}, 'summaries': [{'text': 'a'}, {'text': ''}], 'choice': 0} |"
                        + " summaries[1].text: empty response",
                "{'info': {'article': 'p'}, 'summaries': [{'text': 'a'}, {'text': 'b'}], 'choice': 2} | choice: got 2,"
                        + " expected 0 or 1",
                "{'info': {'article': 'p'}, 'summaries': [{'text': 'a'}], 'choice': 0} | summaries: expected a list of"
                        + " two",
                "{'prompt': 'q', 'completions': ['a'], 'scores': [1]} | completions: got 1 completions, expected 2 to",
                "{'prompt': 'q', 'completions': ['a', 'b']} | completions[0]: neither score nor rank",
                "{'prompt': 'q', 'completions': ['a', 'b'], 'scores': [1]} | scores[1]: got nothing, expected a number",
                "{'prompt': 'q', 'completions': ['a', ''], 'scores': [1, 2]} | completions[1]: empty response",
                "{'completions': ['a', 'b'], 'scores': [1, 2]} | prompt: missing, expected one of prompt, instruction",
                "{'prompt': 'q', 'completions': [{'response': 5, 'score': 1}, {'response': 'b', 'score': 2}]} |"
                        + " completions[0].response: got a number, expected a string",
            })
    void refusesWhatHasNoPairWithTheReason(String line, String message) throws IOException {
        write(line);

        assertThatThrownBy(this::read)
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: " + message)
                .hasMessageNotContaining("\n");
    }

    private List<String> texts(RankedPairs ranked) {
        List<String> pairs = new ArrayList<>();
        new ExampleReader(RejectedUse.REQUIRED, ranked, Preset.DEFAULT).read(file, example -> {
            PreferenceExample.Text text = (PreferenceExample.Text) example;
            pairs.add(text.chosen() + ">" + text.rejected());
        });
        return pairs;
    }

    private List<PreferenceExample> read() {
        List<PreferenceExample> examples = new ArrayList<>();
        new ExampleReader(RejectedUse.REQUIRED).read(file, examples::add);
        return examples;
    }

    private FileReport report() {
        return new ExampleReader(RejectedUse.REQUIRED).read(file, example -> {});
    }

    private void write(String lines) throws IOException {
        Files.writeString(file, lines.replace('\'', '"'));
    }
}

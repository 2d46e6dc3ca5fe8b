package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleReaderTest {
    private static final String GOOD = "{'prompt': 'q', 'chosen': 'a', 'rejected': 'b'}";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("pairs.jsonl");
    }

    @Test
    void readsStrings() throws IOException {
        write("{'prompt': '2+2=', 'chosen': '4', 'rejected': 'five \\u00e9 \\ud83d\\ude00', 'score': 0.5}");

        assertThat(read(RejectedUse.REQUIRED))
                .containsExactly(new PreferenceExample.Text(new SourceLine(file, 1), "2+2=", "4", "five é 😀"));
    }

    @Test
    void readsMessages() throws IOException {
        write("{'prompt': [{'role': 'user', 'content': 'q'}], 'chosen': [{'role': 'assistant', 'content': 'a'}],"
                + " 'rejected': [{'role': 'assistant', 'content': 'b'}]}");

        assertThat(read(RejectedUse.REQUIRED))
                .containsExactly(new PreferenceExample.Messages(
                        new SourceLine(file, 1),
                        List.of(new Message("user", "q")),
                        List.of(new Message("assistant", "a")),
                        List.of(new Message("assistant", "b"))));
    }

    @Test
    void readsTokenIds() throws IOException {
        write("{'prompt_ids': [1, 5], 'chosen_ids': [7, 2], 'rejected_ids': [8]}");

        PreferenceExample.TokenIds ids =
                (PreferenceExample.TokenIds) read(RejectedUse.REQUIRED).get(0);

        assertThat(ids.prompt()).containsExactly(1, 5);
        assertThat(ids.chosen()).containsExactly(7, 2);
        assertThat(ids.rejected()).containsExactly(8);
    }

    @Test
    void findsThePromptThatBothConversationsBeginWith() throws IOException {
        write("{'chosen': [{'role': 'system', 'content': ''}, {'role': 'user', 'content': 'q'},"
                + " {'role': 'assistant', 'content': 'a'}],"
                + " 'rejected': [{'role': 'system', 'content': ''}, {'role': 'user', 'content': 'q'},"
                + " {'role': 'assistant', 'content': 'b'}, {'role': 'user', 'content': 'r'}]}");

        PreferenceExample.Messages messages =
                (PreferenceExample.Messages) read(RejectedUse.REQUIRED).get(0);

        assertThat(messages.prompt()).containsExactly(new Message("system", ""), new Message("user", "q"));
        assertThat(messages.chosen()).containsExactly(new Message("assistant", "a"));
        assertThat(messages.rejected()).containsExactly(new Message("assistant", "b"), new Message("user", "r"));
    }

    @Test
    void leavesTheLastMessageOfEqualConversationsAsTheResponse() throws IOException {
        String conversation = "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'a'}]";
        write("{'chosen': " + conversation + ", 'rejected': " + conversation + "}");

        PreferenceExample.Messages messages =
                (PreferenceExample.Messages) read(RejectedUse.REQUIRED).get(0);

        assertThat(messages.prompt()).containsExactly(new Message("user", "q"));
        assertThat(messages.chosen()).isEqualTo(messages.rejected()).hasSize(1);
    }

    @Test
    void takesAMissingOrNullRejectedAsNoneWhereItIsOptional() throws IOException {
        write("{'prompt': 'q', 'chosen': 'a'}\n{'prompt': 'q', 'chosen': 'a', 'rejected': null}\n"
                + "{'prompt_ids': [1], 'chosen_ids': [2]}");

        List<PreferenceExample> examples = read(RejectedUse.OPTIONAL);

        assertThat(((PreferenceExample.Text) examples.get(0)).rejected()).isEmpty();
        assertThat(((PreferenceExample.Text) examples.get(1)).rejected()).isEmpty();
        assertThat(((PreferenceExample.TokenIds) examples.get(2)).rejected()).isEmpty();
    }

    @Test
    void skipsBlankLinesAndCountsThem() throws IOException {
        write("\r\n" + GOOD + "\r\n  \t\n\n" + GOOD);

        assertThat(read(RejectedUse.REQUIRED))
                .extracting(example -> example.source().line())
                .containsExactly(2L, 5L);
    }

    @Test
    void skipsAByteOrderMark() throws IOException {
        write("\uFEFF" + GOOD + "\n");

        assertThat(read(RejectedUse.REQUIRED)).hasSize(1);
    }

    @Test
    void readsNothingFromAnEmptyFile() throws IOException {
        write("");

        assertThat(read(RejectedUse.REQUIRED)).isEmpty();
    }

    @Test
    void joinsLinesThatSpanManyBuffers() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        StringBuilder text = new StringBuilder();
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String prompt = "é".repeat(1 + random.nextInt(60_000));
            prompts.add(prompt);
            text.append(GOOD.replace("'q'", "'" + prompt + "'")).append('\n');
        }
        write(text.toString());

        assertThat(read(RejectedUse.REQUIRED))
                .extracting(example -> ((PreferenceExample.Text) example).prompt())
                .isEqualTo(prompts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt': 'q', 'chosen'           | not JSON: Unexpected end-of-input",
                "prompt,chosen,rejected             | not JSON: Unrecognized token 'prompt'",
                "{'prompt': 'q'} {'chosen': 'a'}    | not JSON: Trailing token",
                "{'prompt': 'q', 'prompt': 'r'}     | not JSON: Duplicate field 'prompt'",
                "[1, 2]                             | got a list, expected a JSON object",
                "7                                  | got a number, expected a JSON object",
                "{}                                 | chosen: missing",
                "{'prompt': 'q', 'chosen': 'a'}     | rejected: missing",
                "{'prompt': 'q', 'rejected': 'b'}   | chosen: missing",
                "{'chosen': 'a', 'rejected': 'b'}   | prompt: missing",
                "{'promt': 'q', 'chosen': 'a b', 'rejected': 'a c'}   | prompt: missing",
                "{'prompt': 'q', 'chosen': 5, 'rejected': 'b'}        | chosen: got a number, expected a string",
                "{'prompt': true, 'chosen': 'a', 'rejected': 'b'}     | prompt: got a boolean, expected a string",
                "{'prompt': {'a': 1}, 'chosen': 'a', 'rejected': 'b'} | prompt: got an object, expected a string",
                "{'prompt': [], 'chosen': 'a', 'rejected': 'b'}       | prompt: got a list, expected a string",
                "{'prompt': '', 'chosen': 'a', 'rejected': 'b'}       | prompt: empty prompt",
                "{'prompt': 'q', 'chosen': '', 'rejected': 'b'}       | chosen: empty response",
                "{'prompt': 'q', 'chosen': 'a', 'rejected': ''}       | rejected: empty response",
                "{'prompt': 'q', 'chosen': 'a', 'rejected': '\\ud83d!'} | rejected: half a surrogate pair at character"
                        + " 0",
                "{'prompt': 'q\\udc00', 'chosen': 'a', 'rejected': 'b'} | prompt: half a surrogate pair at character 1",
            })
    void refusesBrokenStrings(String line, String message) throws IOException {
        assertRefused(line, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt_ids': [], 'chosen_ids': [1], 'rejected_ids': [1]}    | prompt_ids: empty prompt",
                "{'prompt_ids': [1], 'chosen_ids': [], 'rejected_ids': [1]}    | chosen_ids: empty response",
                "{'prompt_ids': [1], 'chosen_ids': [1], 'rejected_ids': []}    | rejected_ids: empty response",
                "{'prompt_ids': [1], 'chosen_ids': [1]}                        | rejected_ids: missing",
                "{'chosen_ids': [1], 'rejected_ids': [1]}                      | prompt_ids: missing",
                "{'prompt_ids': '1 2', 'chosen_ids': [1], 'rejected_ids': [1]} | prompt_ids: got a string, expected a"
                        + " list",
                "{'prompt_ids': [1, 1.5], 'chosen_ids': [1], 'rejected_ids': [1]} | prompt_ids[1]: got 1.5, expected",
                "{'prompt_ids': [1, 2.0], 'chosen_ids': [1], 'rejected_ids': [1]} | prompt_ids[1]: got 2.0, expected",
                "{'prompt_ids': ['a'], 'chosen_ids': [1], 'rejected_ids': [1]} | prompt_ids[0]: got a string, expected",
                "{'prompt_ids': [null], 'chosen_ids': [1], 'rejected_ids': [1]} | prompt_ids[0]: got nothing, expected",
                "{'prompt_ids': [4294967296], 'chosen_ids': [1], 'rejected_ids': [1]} | prompt_ids[0]: got 4294967296",
                "{'prompt_ids': [1], 'chosen_ids': [1], 'rejected_ids': [1], 'prompt': 'q'} | got token ids and text",
                "{'prompt': 'q', 'chosen': 'a', 'rejected_ids': [1]}           | got token ids and text",
            })
    void refusesBrokenTokenIds(String line, String message) throws IOException {
        assertRefused(line, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'prompt': true, 'chosen': [{'role': 'a', 'content': 'b'}], 'rejected': [{'role': 'a', 'content':"
                        + " 'c'}]} | prompt: got a boolean, expected a string",
                "{'prompt': [], 'chosen': [{'role': 'a', 'content': 'b'}], 'rejected': [{'role': 'a', 'content': 'c'}]}"
                        + " | prompt: empty prompt",
                "{'chosen': [{'role': 'a', 'content': 'b'}], 'rejected': 'c'}"
                        + " | rejected: got a string, expected a list of messages",
                "{'chosen': 'b', 'prompt': 'q', 'rejected': [{'role': 'a', 'content': 'c'}]}"
                        + " | rejected: got a list, expected a string",
                "{'chosen': [{'role': 'a', 'content': 'b'}], 'rejected': [{'role': 'a', 'content': 'c'}]}"
                        + " | prompt: missing, and chosen and rejected do not begin with the same message",
                "{'chosen': [], 'rejected': [{'role': 'a', 'content': 'c'}]} | chosen: empty response",
                "{'chosen': ['hi'], 'rejected': ['ho']} | chosen[0]: got a string, expected an object",
                "{'chosen': [{'content': 'b'}], 'rejected': ['ho']} | chosen[0].role: got nothing, expected a string",
                "{'chosen': [{'role': 'a', 'content': ['b']}], 'rejected': []} | chosen[0].content[0]: got a string,"
                        + " expected an object with type and text",
                "{'prompt': [{'role': 'u', 'content': 'q'}], 'chosen': [{'role': 'a', 'content': ''}],"
                        + " 'rejected': [{'role': 'a', 'content': 'c'}]} | chosen: empty response",
                "{'chosen': [{'role': 'u', 'content': 'q'}, {'role': 'a', 'content': 'c'}],"
                        + " 'rejected': [{'role': 'u', 'content': 'q'}, {'role': 'a', 'content': ''}]}"
                        + " | rejected: empty response",
            })
    void refusesBrokenMessages(String line, String message) throws IOException {
        assertRefused(line, message);
    }

    @Test
    void refusesMessagesWithoutPromptAndRejected() throws IOException {
        write("{'chosen': [{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'a'}]}");

        assertThatThrownBy(() -> read(RejectedUse.OPTIONAL))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":1: prompt: missing, and no rejected conversation to share a beginning with");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((json(GOOD) + "\n\n").getBytes(StandardCharsets.UTF_8));
        bytes.write(json(GOOD.replace('q', 'é')).getBytes(StandardCharsets.ISO_8859_1));
        Files.write(file, bytes.toByteArray());

        assertThatThrownBy(() -> read(RejectedUse.REQUIRED))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":3: not UTF-8");
    }

    @Test
    void refusesDeepNesting() throws IOException {
        write("{'prompt': " + "[".repeat(100_000) + "}");

        assertThatThrownBy(() -> read(RejectedUse.REQUIRED))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: not JSON: Document nesting depth");
    }

    @Test
    void keepsTheErrorOfABinaryFileOnOnePrintableLine() throws IOException {
        Files.write(file, new byte[] {0x1f, 0x00, 0x07, 'x', '\r', 'y', '\n'});

        assertThatThrownBy(() -> read(RejectedUse.REQUIRED))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: not JSON")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> new ExampleReader(RejectedUse.REQUIRED).read(folder.resolve("none"), e -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve("none") + ": not readable");
    }

    @Test
    void readsOrRefusesWhateverItIsGiven() throws IOException {
        long seed = 8_675_309;
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good = json(GOOD + "\n{'chosen': [{'role': 'u', 'content': 'é'}, {'role': 'a', 'content': 'x'}],"
                        + " 'rejected': [{'role': 'u', 'content': 'é'}, {'role': 'a', 'content': 'y'}]}\n"
                        + "{'prompt_ids': [1, 23], 'chosen_ids': [4], 'rejected_ids': [5]}")
                .getBytes(StandardCharsets.UTF_8);
        ExampleReader reader = new ExampleReader(RejectedUse.REQUIRED);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int source = random.nextInt(good.length);
                damaged[random.nextInt(good.length)] = random.nextBoolean() ? good[source] : (byte) random.nextInt(256);
            }
            Files.write(file, damaged);

            Throwable refusal = catchThrowable(() -> reader.read(file, example -> {}));
            if (refusal != null) {
                assertThat(refusal)
                        .as("seed %d, round %d", seed, round)
                        .isInstanceOf(DataException.class)
                        .hasMessageMatching(Pattern.quote(file.toString()) + ":[1-9]: \\P{Cntrl}+");
            }
        }
    }

    private void assertRefused(String line, String message) throws IOException {
        write(GOOD + "\n\n" + line + "\n" + GOOD);

        assertThatThrownBy(() -> read(RejectedUse.REQUIRED))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":3: " + message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private List<PreferenceExample> read(RejectedUse rejected) {
        List<PreferenceExample> examples = new ArrayList<>();
        new ExampleReader(rejected).read(file, examples::add);
        return examples;
    }

    private void write(String lines) throws IOException {
        Files.writeString(file, json(lines));
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}

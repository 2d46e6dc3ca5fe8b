package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Preference data that cannot be used. */
class BrokenDataEndToEndTest extends RefusedEndToEndRun {
    @Test
    void dataMissing() {
        assertRefused("no-data.jsonl: no such file or folder", "data.train=no-data.jsonl");
    }

    @Test
    void heldOutDataMissing() {
        assertRefused("no-data.jsonl: no such file or folder", "data.eval=no-data.jsonl");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt_ids\": [3], \"chosen_ids\": [], \"rejected_ids\": [2]}|chosen_ids: empty response",
                "{\"prompt_ids\": [3], \"chosen_ids\": [4], \"rejected_ids\": []}|rejected_ids: empty response",
                "{\"prompt_ids\": [3], \"chosen_ids\": [4]}|rejected_ids: missing",
                "{\"prompt_ids\": [], \"chosen_ids\": [4], \"rejected_ids\": [2]}|prompt_ids: empty prompt",
                "{\"prompt\": \"\", \"chosen\": \"a\", \"rejected\": \"b\"}|prompt: empty prompt",
                "{\"prompt\": \"a\", \"chosen\": \"\", \"rejected\": \"b\"}|chosen: empty response",
                "{\"prompt_ids\": [3], \"chosen_ids\": [4, 97], \"rejected_ids\": [2]}|chosen token 1: got id 97,"
                        + " expected 0 to 96",
                "{\"prompt_ids\": [-1], \"chosen_ids\": [4], \"rejected_ids\": [2]}|prompt token 0: got id -1,"
                        + " expected 0 to 96",
                "{\"prompt_ids\": [3e9], \"chosen_ids\": [4], \"rejected_ids\": [2]}|prompt_ids[0]: got 3.0E9,"
                        + " expected a token id",
                "[1, 2]|got a list, expected a JSON object",
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"a\"}], \"chosen\": [{\"role\": \"assistant\","
                        + " \"content\": \"b\"}], \"rejected\": [{\"role\": \"assistant\", \"content\":"
                        + " \"c\"}]}|no chat template in src/test/resources/golden/tiny-llama_gqa_tied"
                        + " (chat_template.jinja, or chat_template in tokenizer_config.json), but messages need one"
                        + " that works",
            })
    void dataLineOfWrongValues(String line, String problem) throws IOException {
        Path data = data(line);
        assertRefused(data + ":2: " + problem, "data.train=" + data);
    }

    @Test
    void dataLineThatIsNotJson() throws IOException {
        Path data = data("{\"prompt_ids\": [3,");
        assertThat(refusal("data.train=" + data)).startsWith(data + ":2: not JSON: ");
    }

    @Test
    void dataWithoutPairs() throws IOException {
        Path data = Files.writeString(temp.resolve("data.jsonl"), "\n");
        assertRefused("[" + data + "]: no pairs; 0 read, 0 dropped as too long", "data.train=" + data);
    }

    @Test
    void dataThatIsTooLong() {
        assertRefused(
                "src/test/resources/job/pairs.jsonl:2: prompt and response have 18 tokens, expected at most 8"
                        + " (data.max_length)",
                "data.max_length=8",
                "data.truncation=fail");
    }

    @Test
    void textWithoutTokenizer() throws IOException {
        Path data = Files.writeString(
                temp.resolve("data.jsonl"), "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}\n");
        assertRefused(
                TINY_MODEL + "/tokenizer.json: missing; only data with ready-made token ids (prompt_ids, chosen_ids,"
                        + " rejected_ids) needs no tokenizer",
                "data.train=" + data);
    }

    private Path data(String second) throws IOException {
        String first = "{\"prompt_ids\": [3], \"chosen_ids\": [4, 2], \"rejected_ids\": [5, 2]}";
        return Files.writeString(temp.resolve("data.jsonl"), first + "\n" + second + "\n");
    }
}

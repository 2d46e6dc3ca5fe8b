package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageParsingTest {
    private static final SourceLine SOURCE = new SourceLine(Path.of("pairs.jsonl"), 7);

    @Test
    void aMessageKeepsAllThatWasWritten() {
        String written = "{\"role\": \"tool\", \"content\": \"4\", \"name\": \"add\", \"more\": [1, null]}";

        Message message = messages(written).get(0);

        assertThat(message.role()).isEqualTo("tool");
        assertThat(message.content()).isEqualTo("4");
        assertThat(message.json().toString())
                .isEqualTo(written.replace(": ", ":").replace(", ", ","));
    }

    @Test
    void aMessageOfItsOwnIsOneOfRoleAndContent() {
        assertThat(messages("{\"role\": \"user\", \"content\": \"q\"}")).containsExactly(new Message("user", "q"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role': 'a', 'content': null, 'tool_calls': [{'function': {'name': 'f'}}]} | ``",
                "{'role': 'a', 'tool_calls': [{'function': {'name': 'f'}}]}                  | ``",
                "{'role': 'a', 'content': [{'type': 'text', 'text': 'x'}, {'type': 'image'}, {'text': 'y'}]} | xy",
                "{'role': 'a', 'content': []} | ``"
            })
    void contentMayBeMissingOrInParts(String message, String text) {
        assertThat(messages(message.replace('\'', '"')).get(0).content()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role': 'a', 'content': null, 'tool_calls': []} | m[0].content: got nothing, expected a string",
                "{'role': 'a', 'content': 5} | m[0].content: got a number, expected a string",
                "{'role': 'a', 'content': ['x']} | m[0].content[0]: got a string, expected an object with type and text",
                "{'role': 'a', 'content': [{'text': 5}]} | m[0].content[0].text: got a number, expected a string",
                "{'role': 5, 'content': 'x'} | m[0].role: got a number, expected a string",
                "{'role': 'a', 'content': 'x', 'tool_calls': [{'a': ['\\ud83d']}]} | m[0].tool_calls: half a surrogate"
                        + " pair at character 0, which no UTF-8 text can hold"
            })
    void brokenMessagesAreRefused(String message, String error) {
        assertThatThrownBy(() -> messages(message.replace('\'', '"')))
                .isInstanceOf(DataException.class)
                .hasMessage("pairs.jsonl:7: " + error);
    }

    private static List<Message> messages(String message) {
        try {
            String line = "{\"m\": [" + message + "]}";
            return new JsonLine(new ObjectMapper().readTree(line), SOURCE).messages("m", "prompt");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}

package org.dilort.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.dilort.data.SpecialTokens;
import org.dilort.data.Tokenizer;
import org.dilort.data.Tokenizer.SpecialText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokenizer in the library that training uses. */
class DemoTokenizerTest {
    private static final Path MODEL = Path.of("examples/demo/model");
    private static final String PROMPT = "47+38=";
    private static final String RESPONSE = "ones 7+8=15, tens 4+3+1=8, answer 85";

    private Tokenizer tokenizer;

    @BeforeEach
    void open() {
        tokenizer = Tokenizer.open(MODEL);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void textBetweenDigitsIsOneToken() {
        int[] ids = tokenizer.encode(RESPONSE);
        assertThat(IntStream.of(ids).mapToObj(id -> tokenizer.decode(new int[] {id}, SpecialText.KEEP)))
                .containsExactly(
                        "ones ",
                        "7",
                        "+",
                        "8",
                        "=",
                        "1",
                        "5",
                        ", tens ",
                        "4",
                        "+",
                        "3",
                        "+",
                        "1",
                        "=",
                        "8",
                        ", answer ",
                        "8",
                        "5");
    }

    @Test
    void digitsNeverMerge() {
        assertThat(tokenizer.encode("0123456789")).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void responseDoesNotMergeWithThePrompt() {
        int[] together = tokenizer.encode(PROMPT + RESPONSE);
        int[] apart = IntStream.concat(IntStream.of(tokenizer.encode(PROMPT)), IntStream.of(tokenizer.encode(RESPONSE)))
                .toArray();
        assertThat(together).containsExactly(apart);
    }

    @ParameterizedTest
    @ValueSource(strings = {PROMPT, RESPONSE, "", " two  spaces\n", "quote \" and \\", "é, 漢字, 😀, \u0000"})
    void decodesWhatItEncoded(String text) {
        assertThat(tokenizer.decode(tokenizer.encode(text), SpecialText.SKIP)).isEqualTo(text);
    }

    @Test
    void knowsItsSpecialTokens() {
        assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(1, 2, 0, true, false));
        assertThat(tokenizer.encode("<bos>7<eos><pad>"))
                .hasSize(4)
                .startsWith(1)
                .endsWith(2, 0);
    }

    @Test
    void modelHasARowForEveryTokenAndNoMore() throws IOException {
        JsonNode config =
                new ObjectMapper().readTree(MODEL.resolve("config.json").toFile());
        assertThat(config.get("vocab_size").asInt()).isEqualTo(tokenizer.vocabularySize());
        assertThat(tokenizer.vocabularySize()).isEqualTo(275);
    }
}

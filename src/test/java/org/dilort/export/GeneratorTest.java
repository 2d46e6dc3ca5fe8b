package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    private static final GenerationSettings SHORT = GenerationSettings.greedy(6);

    @TempDir
    private Path temp;

    @Test
    void answersTextsTheSameAloneAndInABatch() {
        try (Generator generator = Generator.open(export(3), TestModels.ONE_THREAD)) {
            StringBuilder first = new StringBuilder();
            StringBuilder second = new StringBuilder();

            List<Generation> both = generator.generate(List.of("hello", "a longer prompt"), SHORT, (prompt, piece) -> {
                (prompt == 0 ? first : second).append(piece);
                return Next.GO_ON;
            });
            Generation alone = generator
                    .generate(List.of("hello"), SHORT, TextListener.NONE)
                    .get(0);

            assertThat(both.get(0)).isEqualTo(alone);
            assertThat(alone.text()).isNotEmpty();
            assertThat(first).hasToString(both.get(0).text());
            assertThat(second).hasToString(both.get(1).text());
            assertThat(both)
                    .extracting(Generation::tokens)
                    .allSatisfy(count -> assertThat(count).isBetween(1, 6));
        }
    }

    @Test
    void aHuggingFaceFolderAnswersLikeItsExport() {
        try (Generator export = Generator.open(export(3), TestModels.ONE_THREAD);
                Generator original = Generator.open(temp.resolve("model"), TestModels.ONE_THREAD)) {
            List<String> prompts = List.of("hello");

            assertThat(export.generate(prompts, SHORT, TextListener.NONE))
                    .isEqualTo(original.generate(prompts, SHORT, TextListener.NONE));
        }
    }

    @Test
    void refusesAPromptThatFillsTheContext() {
        try (Generator generator = Generator.open(export(3), TestModels.ONE_THREAD)) {
            String prompt = "x".repeat(200);

            assertThatThrownBy(() -> generator.generate(List.of(prompt), SHORT, TextListener.NONE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("tokens, expected at most 31 (max_position_embeddings = 32)");
        }
    }

    @Test
    void needsATokenizerForText() {
        Path model = TestModels.random(temp.resolve("bare"), 3, config -> {});
        try (Generator generator = Generator.open(model, TestModels.ONE_THREAD)) {
            assertThatThrownBy(() -> generator.generate(List.of("hello"), SHORT, TextListener.NONE))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("tokenizer.json: missing");
        }
    }

    private Path export(long seed) {
        Path model = TestModels.random(
                temp.resolve("model"),
                seed,
                config -> config.put("vocab_size", 280).put("tie_word_embeddings", false));
        TestModels.addTokenizer("tokenizer-bytes", model);
        return TestModels.export(model, temp.resolve("export"));
    }
}

package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderTest {
    private static final long SEED = 11;
    private static final int VOCABULARY = 40;
    private static final int CONTEXT = 32;

    @TempDir
    private Path temp;

    private Path model;

    @BeforeEach
    void makeModel() {
        model = TestModels.random(temp.resolve("model"), SEED, config -> config.put("tie_word_embeddings", false));
    }

    @Test
    void greedyDecodingIsTheArgmaxOfFullPasses() {
        List<int[]> prompts = prompts(5, 1, 9);
        try (DecoderSession session = DecoderSession.ofExport(export(), TestModels.ONE_THREAD)) {
            List<Completion> completions =
                    new Decoder(session, Set.of()).generate(prompts, GenerationSettings.greedy(12), TokenListener.NONE);

            for (int i = 0; i < prompts.size(); i++) {
                assertThat(completions.get(i).ending()).isEqualTo(Ending.MAX_NEW_TOKENS);
                assertThat(completions.get(i).tokens())
                        .as("seed %d, prompt %d", SEED, i)
                        .isEqualTo(byFullPasses(session, prompts.get(i), 12));
            }
        }
    }

    @Test
    void aHuggingFaceFolderDecodesLikeItsExport() {
        List<int[]> prompts = prompts(7, 3);

        assertThat(tokens(export(), prompts)).isEqualTo(tokens(model, prompts));
    }

    @Test
    void longPromptsInPiecesGiveTheSame() {
        List<int[]> prompts = prompts(20, 2, 11);
        GenerationSettings settings = GenerationSettings.greedy(5);
        try (DecoderSession session = DecoderSession.ofExport(export(), TestModels.ONE_THREAD)) {
            List<int[]> whole = tokens(new Decoder(session, Set.of()).generate(prompts, settings, TokenListener.NONE));
            for (int columns : new int[] {1, 3, 20}) {
                DecoderSession small = session.withLogitsPerCall(columns * prompts.size() * VOCABULARY);
                assertThat(small.maxColumns(prompts.size())).isEqualTo(columns);
                List<int[]> pieces =
                        tokens(new Decoder(small, Set.of()).generate(prompts, settings, TokenListener.NONE));
                assertThat(pieces)
                        .as("%d columns", columns)
                        .usingRecursiveComparison()
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void stopsAtEndIdsOfItsOwnAndOfTheSettings() {
        int[] prompt = prompts(5).get(0);
        try (DecoderSession session = DecoderSession.ofExport(export(), TestModels.ONE_THREAD)) {
            int[] free = byFullPasses(session, prompt, 10);
            int stop = free[4];
            int[] before = Arrays.copyOf(free, indexOf(free, stop));
            Completion ended = new Completion(before, Ending.END_OF_SEQUENCE);
            List<Integer> told = new ArrayList<>();

            Completion byOwn = new Decoder(session, Set.of(stop))
                    .generate(List.of(prompt), GenerationSettings.greedy(10), (row, token) -> {
                        told.add(token);
                        return Next.GO_ON;
                    })
                    .get(0);
            Completion bySettings = new Decoder(session, Set.of())
                    .generate(
                            List.of(prompt), GenerationSettings.greedy(10).withEndIds(Set.of(stop)), TokenListener.NONE)
                    .get(0);

            assertThat(byOwn).usingRecursiveComparison().isEqualTo(ended);
            assertThat(bySettings).usingRecursiveComparison().isEqualTo(ended);
            assertThat(told)
                    .containsExactlyElementsOf(Arrays.stream(before).boxed().toList());
        }
    }

    @Test
    void readsTheEndIdsOfTheFolder() {
        int[] prompt = prompts(5).get(0);
        int first = tokens(model, List.of(prompt)).get(0).get(0);
        Path ending = TestModels.random(
                temp.resolve("ending"),
                SEED,
                config -> config.put("tie_word_embeddings", false).put("eos_token_id", first));

        try (Decoder decoder = Decoder.open(ending, TestModels.ONE_THREAD)) {
            Completion completion = decoder.generate(List.of(prompt), GenerationSettings.greedy(9), TokenListener.NONE)
                    .get(0);

            assertThat(completion.tokens()).isEmpty();
            assertThat(completion.ending()).isEqualTo(Ending.END_OF_SEQUENCE);
        }
    }

    @Test
    void endsWhereTheContextEnds() {
        List<int[]> prompts = prompts(CONTEXT - 1, CONTEXT - 3, 4);
        try (Decoder decoder = Decoder.open(export(), TestModels.ONE_THREAD)) {
            List<Completion> completions = decoder.generate(prompts, GenerationSettings.greedy(10), TokenListener.NONE);

            assertThat(completions)
                    .extracting(completion -> completion.tokens().length)
                    .containsExactly(1, 3, 10);
            assertThat(completions)
                    .extracting(Completion::ending)
                    .containsExactly(Ending.CONTEXT_FULL, Ending.CONTEXT_FULL, Ending.MAX_NEW_TOKENS);
        }
    }

    @Test
    void refusesPromptsThatTheModelCannotTake() {
        try (Decoder decoder = Decoder.open(model, TestModels.ONE_THREAD)) {
            assertRefused(decoder, new int[CONTEXT], "prompt 1: 32 tokens, expected at most 31");
            assertRefused(decoder, new int[0], "prompt 1: no tokens, expected at least one");
            assertRefused(decoder, new int[] {3, VOCABULARY}, "prompt 1: token 1: got id 40, expected 0 to 39");
            assertRefused(decoder, new int[] {-1}, "prompt 1: token 0: got id -1, expected 0 to 39");
        }
    }

    @Test
    void samplingFollowsItsSeedAndNotTheBatch() {
        List<int[]> prompts = List.of(new int[] {1, 2, 3}, new int[] {1, 2, 3});
        Sampling.Random sampling = new Sampling.Random(1.5, Sampling.Random.ALL_TOKENS, 1, SEED);
        GenerationSettings settings = GenerationSettings.greedy(12).withSampling(sampling);
        try (Decoder decoder = Decoder.open(model, TestModels.ONE_THREAD)) {
            List<int[]> first = tokens(decoder.generate(prompts, settings, TokenListener.NONE));
            List<int[]> second = tokens(decoder.generate(prompts, settings, TokenListener.NONE));
            List<int[]> alone = tokens(decoder.generate(prompts.subList(0, 1), settings, TokenListener.NONE));
            List<int[]> greedy = tokens(decoder.generate(prompts, GenerationSettings.greedy(12), TokenListener.NONE));

            assertThat(second).usingRecursiveComparison().isEqualTo(first);
            assertThat(alone.get(0)).isEqualTo(first.get(0));
            assertThat(first.get(1)).isNotEqualTo(first.get(0));
            assertThat(first.get(0)).isNotEqualTo(greedy.get(0));
        }
    }

    @Test
    void refusesAFolderWithoutWeights() {
        assertThatThrownBy(() -> Decoder.open(temp.resolve("none"), TestModels.ONE_THREAD))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("config.json: no such file");
    }

    @Test
    void refusesWeightsOfAnotherShape() throws java.io.IOException {
        Path config = model.resolve("config.json");
        java.nio.file.Files.writeString(
                config,
                java.nio.file.Files.readString(config).replace("\"intermediate_size\":24", "\"intermediate_size\":25"));

        assertThatThrownBy(() -> Decoder.open(model, TestModels.ONE_THREAD))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("mlp.gate_proj.weight: shape [24, 16], expected [25, 16]");
    }

    private Path export() {
        return TestModels.export(model, temp.resolve("export"));
    }

    private static List<int[]> prompts(int... lengths) {
        SplittableRandom random = new SplittableRandom(SEED);
        return Arrays.stream(lengths)
                .mapToObj(length -> TestModels.ids(random, length, VOCABULARY))
                .toList();
    }

    private static List<List<Integer>> tokens(Path folder, List<int[]> prompts) {
        try (Decoder decoder = Decoder.open(folder, TestModels.ONE_THREAD)) {
            return tokens(decoder.generate(prompts, GenerationSettings.greedy(8), TokenListener.NONE)).stream()
                    .map(tokens -> Arrays.stream(tokens).boxed().toList())
                    .toList();
        }
    }

    private static List<int[]> tokens(List<Completion> completions) {
        return completions.stream().map(Completion::tokens).toList();
    }

    private static int[] byFullPasses(DecoderSession session, int[] prompt, int count) {
        int[] tokens = prompt;
        for (int i = 0; i < count; i++) {
            TokenBlock block = TokenBlock.empty(1, tokens.length);
            for (int column = 0; column < tokens.length; column++) {
                block.put(0, column, tokens[column], column);
            }
            try (DecoderRun run = new DecoderRun(session, 1)) {
                FloatBuffer logits = run.forward(block);
                int next = new Sampling.Greedy()
                        .chooser(0)
                        .choose(logits.slice((tokens.length - 1) * VOCABULARY, VOCABULARY));
                tokens = Arrays.copyOf(tokens, tokens.length + 1);
                tokens[tokens.length - 1] = next;
            }
        }
        return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
    }

    private static int indexOf(int[] values, int value) {
        int index = 0;
        while (values[index] != value) {
            index++;
        }
        return index;
    }

    private static void assertRefused(Decoder decoder, int[] prompt, String message) {
        List<int[]> prompts = List.of(new int[] {1}, prompt);
        assertThatThrownBy(() -> decoder.generate(prompts, GenerationSettings.greedy(1), TokenListener.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(message);
    }
}

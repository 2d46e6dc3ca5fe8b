package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.dilort.data.RejectedUse;
import org.dilort.data.TokenizedPair;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.export.TestModels;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFolderTest {
    private static final long SEED = 77;

    @TempDir
    private Path temp;

    static List<String> models() {
        return GoldenModel.ofAnyLength();
    }

    @ParameterizedTest
    @MethodSource("models")
    void bothKindsOfFolderScoreLikePyTorch(String name) {
        GoldenModel golden = GoldenModel.load(name);
        Path export = TestModels.export(golden.folder(), temp.resolve("export"));
        double[] expected = golden.numbers("/sequence_logps");
        List<TokenizedPair> pairs = TestModels.pairs(golden);

        for (Path folder : List.of(golden.folder(), export)) {
            List<PairScore> scores = score(ModelFolder.open(folder), pairs);

            assertThat(scores).extracting(PairScore::index).containsExactly(0L, 1L, 2L);
            for (int i = 0; i < pairs.size(); i++) {
                PairScore score = scores.get(i);
                assertThat(score.chosenTokens()).isEqualTo(golden.responseLength(i));
                assertThat(score.rejectedTokens()).isEqualTo(golden.responseLength(3 + i));
                assertThat(score.chosenLogp()).isCloseTo(expected[i], within(2e-5 * score.chosenTokens()));
                assertThat(score.rejectedLogp()).isCloseTo(expected[3 + i], within(2e-5 * score.rejectedTokens()));
            }
        }
    }

    @Test
    void bothKindsAgreeOnManyPairsOfManyLengths() {
        Path model = TestModels.random(temp.resolve("model"), SEED, config -> {});
        Path export = TestModels.export(model, temp.resolve("export"));
        List<TokenizedPair> pairs = randomPairs(600, 40, 32);

        List<PairScore> packed = score(ModelFolder.open(model), pairs);
        List<PairScore> served = score(ModelFolder.open(export), pairs);

        assertThat(served).hasSameSizeAs(packed);
        for (int i = 0; i < packed.size(); i++) {
            PairScore expected = packed.get(i);
            double tolerance = 2e-5 * 32;
            assertThat(served.get(i).index())
                    .isEqualTo(expected.index())
                    .isEqualTo(pairs.get(i).index());
            assertThat(served.get(i).chosenLogp())
                    .as("seed %d, pair %d", SEED, i)
                    .isCloseTo(expected.chosenLogp(), within(tolerance));
            assertThat(served.get(i).rejectedLogp())
                    .as("seed %d, pair %d", SEED, i)
                    .isCloseTo(expected.rejectedLogp(), within(tolerance));
            assertThat(served.get(i).hasRejected()).isEqualTo(pairs.get(i).hasRejected());
        }
    }

    @Test
    void aScorerTakesLongerPairsLater() {
        Path model =
                TestModels.random(temp.resolve("model"), SEED, config -> config.put("max_position_embeddings", 1200));
        TokenizedPair small = randomPairs(1, 40, 20).get(0);
        SplittableRandom random = new SplittableRandom(SEED);
        TokenizedPair big = new TokenizedPair(
                9, TestModels.ids(random, 500, 40), TestModels.ids(random, 600, 40), TestModels.ids(random, 700, 40));

        try (SequenceScorer scorer = ModelFolder.open(model).scorer(TestModels.ONE_THREAD)) {
            PairScore before = scorer.score(List.of(small)).get(0);
            List<PairScore> both = scorer.score(List.of(small, big));

            assertThat(both.get(0).chosenLogp()).isCloseTo(before.chosenLogp(), within(1e-4));
            assertThat(both.get(1).rejectedTokens()).isEqualTo(700);
            assertThat(scorer.score(List.of())).isEmpty();
        }
    }

    @Test
    void safetensorsComeBeforeAGraphInTheSameFolder() throws IOException {
        Path model = TestModels.random(temp.resolve("model"), SEED, config -> {});
        Path export = TestModels.export(model, temp.resolve("export"));

        assertThat(ModelFolder.open(model).kind()).isEqualTo(ModelFolder.Kind.HUGGING_FACE);
        assertThat(ModelFolder.open(export).kind()).isEqualTo(ModelFolder.Kind.EXPORT);
        Files.createDirectories(model.resolve("onnx"));
        Files.copy(export.resolve("onnx/model.onnx"), model.resolve("onnx/model.onnx"));
        assertThat(ModelFolder.open(model).kind()).isEqualTo(ModelFolder.Kind.HUGGING_FACE);
    }

    @Test
    void readyMadeIdsNeedNoTokenizer() throws IOException {
        Path model = TestModels.random(temp.resolve("model"), SEED, config -> {});
        Path data = data("{\"prompt_ids\": [1, 2], \"chosen_ids\": [3], \"rejected_ids\": [4, 5]}");

        for (Path folder : List.of(model, TestModels.export(model, temp.resolve("export")))) {
            ModelFolder open = ModelFolder.open(folder);
            List<TokenizedPair> pairs =
                    open.readPairs(List.of(data), RejectedUse.REQUIRED).pairs();

            assertThat(score(open, pairs)).hasSize(1);
        }
    }

    @Test
    void textsAreReadWithTheTokenizerOfTheFolder() throws IOException {
        Path model = TestModels.random(temp.resolve("model"), SEED, config -> config.put("vocab_size", 280));
        TestModels.addTokenizer("tokenizer-bytes", model);
        Path export = TestModels.export(model, temp.resolve("export"));
        Path data = data("{\"prompt\": \"a b\", \"chosen\": \"c\", \"rejected\": \"dd\"}");

        TokenizedPair pair = ModelFolder.open(export)
                .readPairs(List.of(data), RejectedUse.REQUIRED)
                .pairs()
                .get(0);

        assertThat(pair.trunk()[0]).isEqualTo(1);
        assertThat(pair.chosen()).endsWith(2);
    }

    @Test
    void refusesAnIdThatTheModelLacks() throws IOException {
        ModelFolder model = ModelFolder.open(TestModels.random(temp.resolve("model"), SEED, config -> {}));
        Path data = data("{\"prompt_ids\": [1, 40], \"chosen_ids\": [3], \"rejected_ids\": [4]}");

        assertThatThrownBy(() -> model.readPairs(List.of(data), RejectedUse.REQUIRED))
                .isInstanceOf(DataException.class)
                .hasMessage(data + ":1: prompt token 1: got id 40, expected 0 to 39");
        for (int id : new int[] {40, -1}) {
            TokenizedPair pair = new TokenizedPair(7, new int[] {1}, new int[] {2}, new int[] {3, id});
            assertThatThrownBy(() -> score(model, List.of(pair)))
                    .isInstanceOf(DataException.class)
                    .hasMessage("pair 7: rejected token 1: got id " + id + ", expected 0 to 39");
        }
    }

    @Test
    void refusesASequenceLongerThanTheContext() {
        Path model = TestModels.random(temp.resolve("model"), SEED, config -> {});
        TokenizedPair fits = new TokenizedPair(0, new int[20], new int[12], new int[1]);
        TokenizedPair tooLong = new TokenizedPair(1, new int[20], new int[1], new int[13]);

        for (Path folder : List.of(model, TestModels.export(model, temp.resolve("export")))) {
            ModelFolder open = ModelFolder.open(folder);
            assertThat(score(open, List.of(fits))).hasSize(1);
            assertThatThrownBy(() -> score(open, List.of(fits, tooLong)))
                    .isInstanceOf(DataException.class)
                    .hasMessage("pair 1: prompt and response have 33 tokens, expected at most 32"
                            + " (max_position_embeddings)");
        }
    }

    @Test
    void refusesFoldersThatHoldNoModel() throws IOException {
        Path empty = Files.createDirectories(temp.resolve("empty"));
        Path noWeights = TestModels.random(temp.resolve("model"), SEED, config -> {});
        Files.delete(noWeights.resolve("model.safetensors"));

        assertThatThrownBy(() -> ModelFolder.open(temp.resolve("none")))
                .isInstanceOf(FormatException.class)
                .hasMessageEndingWith("none: no such folder, expected a Hugging Face folder or an export folder");
        assertThatThrownBy(() -> ModelFolder.open(empty))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("config.json: no such file");
        assertThatThrownBy(() -> ModelFolder.open(noWeights).scorer(TestModels.ONE_THREAD))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no weights, expected model.safetensors");
    }

    private static List<PairScore> score(ModelFolder folder, List<TokenizedPair> pairs) {
        try (SequenceScorer scorer = folder.scorer(TestModels.ONE_THREAD)) {
            return scorer.score(pairs);
        }
    }

    /** Pairs of all lengths up to {@code context}, every seventh without a rejected response. */
    private static List<TokenizedPair> randomPairs(int count, int vocabulary, int context) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TokenizedPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] trunk = TestModels.ids(random, random.nextInt(1, context), vocabulary);
            int room = context - trunk.length + 1;
            int[] chosen = TestModels.ids(random, random.nextInt(1, room), vocabulary);
            int[] rejected = TestModels.ids(random, i % 7 == 0 ? 0 : random.nextInt(1, room), vocabulary);
            pairs.add(new TokenizedPair(3L * i, trunk, chosen, rejected));
        }
        return pairs;
    }

    private Path data(String line) throws IOException {
        return Files.writeString(temp.resolve("data.jsonl"), line + "\n");
    }
}

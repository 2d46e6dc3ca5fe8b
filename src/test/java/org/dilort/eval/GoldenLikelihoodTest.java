package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.export.DecoderScorer;
import org.dilort.export.TestModels;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Log-likelihoods of continuations and of whole texts against those of transformers in float64, for every golden checkpoint
 * that computes the same whatever the longest row is, from either kind of folder: {@code sequence_logps} are those of the
 * responses after their prompts, {@code chosen_nll_prompt_and_response} is the mean over all tokens but the first of the chosen
 * rows.
 */
class GoldenLikelihoodTest {
    @TempDir
    private Path temp;

    static List<String> models() {
        return GoldenModel.ofAnyLength();
    }

    @ParameterizedTest
    @MethodSource("models")
    void likelihoodsAreThoseOfTransformers(String name) {
        GoldenModel golden = GoldenModel.load(name);
        Path export = TestModels.export(golden.folder(), temp.resolve("export"));

        for (Path path : List.of(golden.folder(), export)) {
            ModelFolder folder = ModelFolder.open(path);
            try (SequenceScorer scorer = folder.scorer(TestModels.ONE_THREAD)) {
                checkChoices(golden, scorer);
                checkTokens(golden, scorer);
            }
            try (DecoderScorer scorer = folder.decoderScorer(TestModels.ONE_THREAD)) {
                checkTexts(golden, scorer);
            }
        }
    }

    private static void checkChoices(GoldenModel golden, SequenceScorer scorer) {
        double[] expected = golden.numbers("/sequence_logps");
        List<ChoiceQuestion> questions = new ArrayList<>();
        for (TokenizedPair pair : TestModels.pairs(golden)) {
            questions.add(new ChoiceQuestion(
                    CodeTokenizer.text(pair.trunk()),
                    List.of(CodeTokenizer.text(pair.chosen()), CodeTokenizer.text(pair.rejected())),
                    0));
        }

        List<ChoiceTask.Sample> samples = new ChoiceTask("golden", questions, List.of(), "")
                .run(CodeTokenizer.withoutSpecialTokens(), ChoiceTask.Begin.BARE, scorer, golden.longestRow());

        assertThat(samples).hasSize(golden.pairs());
        for (int i = 0; i < samples.size(); i++) {
            assertThat(samples.get(i).logps().get(0)).isCloseTo(expected[i], within(1e-4));
            assertThat(samples.get(i).logps().get(1)).isCloseTo(expected[golden.pairs() + i], within(1e-4));
        }
    }

    private static void checkTokens(GoldenModel golden, SequenceScorer scorer) {
        double[] expected = golden.numbers("/sequence_logps");
        List<TokenizedPair> pairs = TestModels.pairs(golden);

        List<TokenLogps> logps = scorer.tokenLogps(pairs);

        for (int i = 0; i < pairs.size(); i++) {
            assertThat(logps.get(i).chosen()).hasSameSizeAs(pairs.get(i).chosen());
            assertThat(logps.get(i).chosenSum()).isCloseTo(expected[i], within(1e-4));
            assertThat(logps.get(i).rejectedSum()).isCloseTo(expected[golden.pairs() + i], within(1e-4));
        }
    }

    /** Each chosen row is a text after its own first token: together they have the golden's mean. */
    private static void checkTexts(GoldenModel golden, DecoderScorer scorer) {
        double sum = 0;
        double tokens = 0;
        for (int row = 0; row < golden.pairs(); row++) {
            int[] ids = golden.tokens(row);
            PerplexityTask task = new PerplexityTask(CodeTokenizer.withBos(ids[0]), scorer, golden.longestRow());
            task.add(CodeTokenizer.text(Arrays.copyOfRange(ids, 1, ids.length)));
            TaskResult result = task.result("row");
            sum += Math.log(result.value("token_perplexity")) * result.value("tokens");
            tokens += result.value("tokens");
        }
        double expected = golden.golden().get("chosen_nll_prompt_and_response").asDouble();
        assertThat(sum / tokens).isCloseTo(expected, within(1e-5));
    }
}

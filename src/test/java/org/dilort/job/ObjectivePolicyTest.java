package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.export.TestModels;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Objective;
import org.dilort.heads.OptionalInput;
import org.dilort.heads.Scope;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.OrtPolicy;
import org.dilort.runtime.OrtScorer;
import org.dilort.runtime.SessionSettings;
import org.dilort.runtime.StepHeadPolicy;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads that look further than at a pair's two sums, and sums of heads, in the training session. */
class ObjectivePolicyTest {
    private static final GoldenModel GOLDEN = GoldenModel.load("llama_gqa_tied");
    private static final List<TokenizedPair> PAIRS = TestModels.pairs(GOLDEN);
    private static final GraphOptions OPTIONS =
            GraphOptions.forBatches(256, 64, GOLDEN.model().size());

    /** Rows of 24 tokens hold one document of this data, so that a step is a micro-batch for each pair. */
    private static final int APART = 24;

    private static final int TOGETHER = 256;

    @TempDir
    private Path folder;

    private record Step(double loss, double gradientNorm, List<StepResult> results) {}

    /** PyTorch's references; by token each has an equal share of its response's sum. */
    private static ReferenceScores references() {
        double[] sums = GOLDEN.byPair(GOLDEN.numbers("/ref_w"), GOLDEN.numbers("/ref_l"));
        float[] floats = new float[sums.length];
        List<float[]> tokens = new ArrayList<>();
        for (int pair = 0; pair < PAIRS.size(); pair++) {
            int chosen = PAIRS.get(pair).chosen().length;
            float[] ofPair = new float[chosen + PAIRS.get(pair).rejected().length];
            for (int i = 0; i < ofPair.length; i++) {
                ofPair[i] =
                        (float) (i < chosen ? sums[2 * pair] / chosen : sums[2 * pair + 1] / (ofPair.length - chosen));
            }
            tokens.add(ofPair);
            floats[2 * pair] = (float) sums[2 * pair];
            floats[2 * pair + 1] = (float) sums[2 * pair + 1];
        }
        return new ReferenceScores(floats, tokens);
    }

    private TrainablePolicy open(Objective objective, Path checkpoint) {
        TrainingArtifacts artifacts = new TrainingArtifacts(folder.resolve("artifacts"));
        AdamW adamW = new AdamW(0.9, 0.999, 1e-8, 0, 1);
        TrainingArtifacts.Recipe recipe =
                new TrainingArtifacts.Recipe(GOLDEN.model(), objective, OPTIONS, adamW, parameter -> true);
        artifacts.writeGraphs(recipe);
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder())) {
            artifacts.writeCheckpoint(GOLDEN.model(), adamW, new InitialWeights.Pretrained(weights));
        }
        Path from = checkpoint.toString().isEmpty() ? artifacts.checkpoint() : checkpoint;
        OrtPolicy session = OrtPolicy.open(artifacts, recipe, from, 0, new SessionSettings(1));
        return objective.scope() == Scope.STEP ? new StepHeadPolicy(session, objective, from) : session;
    }

    private TrainablePolicy open(Objective objective) {
        return open(objective, Path.of(""));
    }

    private static List<MicroBatch> pack(int microBatchTokens, int... pairs) {
        List<TokenizedPair> some = Arrays.stream(pairs).mapToObj(PAIRS::get).toList();
        return new Packer(new PackOptions(microBatchTokens, microBatchTokens, Layout.SHARED_TRUNK))
                .pack(some, references().select(pairs));
    }

    private static Step step(TrainablePolicy policy, List<MicroBatch> batches) {
        List<StepResult> results = policy.accumulateStep(batches);
        double loss = results.stream().mapToDouble(StepResult::loss).sum();
        return new Step(loss, policy.update(0).gradientNorm(), results);
    }

    private Step step(Objective objective, int microBatchTokens, int... pairs) {
        List<MicroBatch> batches = pack(microBatchTokens, pairs);
        assertThat(batches).hasSize(microBatchTokens == TOGETHER ? 1 : pairs.length);
        try (TrainablePolicy policy = open(objective)) {
            return step(policy, batches);
        }
    }

    private static Objective of(String head) {
        return Objective.of(HeadSpec.of(head));
    }

    private static void assertClose(String what, double actual, double expected, double relative) {
        assertThat(actual)
                .as(String.format(Locale.ROOT, "%s %s, expected %s", what, actual, expected))
                .isCloseTo(expected, Offset.offset(relative * Math.abs(expected)));
    }

    /** ORPO over the whole sequence needs the prompts' log-probabilities, KTO the step's mean. */
    @ParameterizedTest
    @CsvSource({"kto_pair, 256", "kto_pair, 24", "orpo_full, 256", "orpo_full, 24"})
    void stepHeadIsPyTorchs(String head, int microBatchTokens) {
        Step step = step(of(head), microBatchTokens, 0, 1, 2);
        assertClose(
                "loss",
                step.loss(),
                GOLDEN.golden().at("/heads/" + head + "/loss").asDouble(),
                1e-5);
        double norm = GOLDEN.golden().at("/heads/" + head + "/grad_norm_all").asDouble();
        assertClose("gradient norm", step.gradientNorm(), norm, 1e-4);
    }

    /** With a tail that counts in full, LD-DPO is DPO. */
    @ParameterizedTest
    @CsvSource({"256", "24"})
    void tokensWeightedAlikeArePyTorchsDpo(int microBatchTokens) {
        HeadSpec whole =
                new HeadSpec(Heads.named("ld_dpo"), HeadSpec.of("ld_dpo").reduction(), Map.of("ld_alpha", 1.0));
        Step step = step(Objective.of(whole), microBatchTokens, 0, 1, 2);
        assertClose("loss", step.loss(), GOLDEN.golden().at("/heads/dpo/loss").asDouble(), 1e-5);
        double norm = GOLDEN.golden().at("/heads/dpo/grad_norm_all").asDouble();
        assertClose("gradient norm", step.gradientNorm(), norm, 1e-4);
    }

    /** All heads that ask for more than sums, and sums of heads of both scopes, one of them with a state. */
    static List<Objective> objectives() {
        List<Objective> all = new ArrayList<>();
        Heads.all().stream()
                .filter(head -> !head.optionalInputs().isEmpty() || head.scope() == Scope.STEP)
                .forEach(head -> all.add(of(head.name())));
        all.add(new Objective(List.of(term("lsif", 1), term("sft", 0.5))));
        all.add(new Objective(List.of(term("ld_dpo", 2), term("wpo", 0.25), term("orpo_full", 1))));
        all.add(new Objective(List.of(term("bco", 1), term("lsif", 0.5), term("bco", 0.125))));
        return all;
    }

    private static Objective.Term term(String head, double weight) {
        return new Objective.Term(HeadSpec.of(head), weight);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void divisionOfTheStepChangesNothing(Objective objective) {
        Step together = step(objective, TOGETHER, 0, 1, 2);
        Step apart = step(objective, APART, 0, 1, 2);
        assertClose("loss", apart.loss(), together.loss(), 1e-5);
        assertClose("gradient norm", apart.gradientNorm(), together.gradientNorm(), 1e-5);
        assertThat(together.gradientNorm()).isPositive();
    }

    /** Gradients of a sum are sums of gradients: for two copies of one head, 1.5 times its own. */
    @Test
    void weightsScaleLossAndGradient() {
        Step once = step(of("dpo"), TOGETHER, 0, 1, 2);
        Step both = step(new Objective(List.of(term("dpo", 1), term("dpo", 0.5))), TOGETHER, 0, 1, 2);
        assertClose("loss", both.loss(), 1.5 * once.loss(), 1e-6);
        assertClose("gradient norm", both.gradientNorm(), 1.5 * once.gradientNorm(), 1e-6);
        assertThat(both.results().get(0).rewards())
                .isEqualTo(once.results().get(0).rewards());
    }

    /**
     * WPO's weight is e^(a_w + a_l), a the mean over tokens of log p(token) - log sum p². It carries no gradient, so with
     * one pair loss and gradient are the weight times DPO's.
     */
    @Test
    void wpoIsDpoTimesTheWeightOfThePair() {
        double weight = Math.exp(alignment(0) + alignment(1));
        Step wpo = step(of("wpo"), TOGETHER, 0);
        Step dpo = step(of("dpo"), TOGETHER, 0);
        assertClose("loss", wpo.loss(), weight * dpo.loss(), 1e-4);
        assertClose("gradient norm", wpo.gradientNorm(), weight * dpo.gradientNorm(), 1e-4);
    }

    /** Scores every token of the vocabulary at every place of a response of the first pair. */
    private double alignment(int side) {
        MicroBatch batch = pack(TOGETHER, 0).get(0);
        int vocabulary = GOLDEN.model().size().vocabulary();
        double sum = 0;
        int tokens = 0;
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder());
                OrtScorer scorer = OrtScorer.open(
                        GOLDEN.model(), weights, OPTIONS, Set.of(OptionalInput.TOKEN_LOGPS), new SessionSettings(1))) {
            for (int target = 0; target < batch.targets(); target++) {
                if (batch.targetSequences()[target] % 2 == side) {
                    float[] logps = logps(scorer, batch, target, vocabulary);
                    double collision = 0;
                    for (float logp : logps) {
                        collision += Math.exp(2.0 * logp);
                    }
                    sum += logps[(int) batch.targetIds()[target]] - Math.log(collision);
                    tokens++;
                }
            }
        }
        return sum / tokens;
    }

    private static float[] logps(OrtScorer scorer, MicroBatch batch, int target, int vocabulary) {
        long[] positions = new long[vocabulary];
        Arrays.fill(positions, batch.targetPositions()[target]);
        long[] ids = new long[vocabulary];
        Arrays.setAll(ids, id -> id);
        MicroBatch all = new MicroBatch(
                batch.rows(),
                batch.length(),
                batch.inputIds(),
                batch.positionIds(),
                batch.documentIds(),
                batch.branchIds(),
                positions,
                ids,
                new long[vocabulary],
                new int[1],
                new float[2],
                new float[1],
                new float[2]);
        return scorer.scores(all).get("token_logps");
    }

    /** BCO's delta is the mean of the steps' mean rewards; only an update moves it. */
    @Test
    void stateMovesWithUpdatesAndIsSaved() {
        Path saved = folder.resolve("saved");
        double first;
        try (TrainablePolicy policy = open(of("bco"))) {
            policy.accumulateStep(pack(TOGETHER, 2));
            policy.discard();
            first = meanReward(step(policy, pack(TOGETHER, 0)));
            policy.save(saved);
            checkBco(step(policy, pack(TOGETHER, 1)), first);
        }
        try (TrainablePolicy policy = open(of("bco"), saved)) {
            checkBco(step(policy, pack(TOGETHER, 1)), first);
        }
    }

    /** loss = softplus(delta - f_w) + softplus(f_l - delta), delta the mean of this step's mean and the one before. */
    private static void checkBco(Step second, double firstMean) {
        double delta = (firstMean + meanReward(second)) / 2;
        float[] rewards = second.results().get(0).rewards();
        double expected = Math.log1p(Math.exp(delta - rewards[0])) + Math.log1p(Math.exp(rewards[1] - delta));
        assertClose("loss", second.loss(), expected, 1e-5);
        double alone = meanReward(second);
        double withoutState = Math.log1p(Math.exp(alone - rewards[0])) + Math.log1p(Math.exp(rewards[1] - alone));
        assertThat(Math.abs(withoutState - expected)).isGreaterThan(1e-4);
    }

    private static double meanReward(Step step) {
        float[] rewards = step.results().get(0).rewards();
        return (rewards[0] + rewards[1]) / 2.0;
    }

    /** A prompt scored as a prompt, and as the response to its first token. */
    @Test
    void promptLogProbabilitiesAreThoseOfTheSamePromptAsAResponse() {
        List<TokenizedPair> asResponses = PAIRS.stream()
                .map(pair -> new TokenizedPair(
                        pair.index(),
                        Arrays.copyOf(pair.trunk(), 1),
                        Arrays.copyOfRange(pair.trunk(), 1, pair.trunk().length),
                        new int[0]))
                .toList();
        PackOptions packing = new PackOptions(64, 256, Layout.SHARED_TRUNK);
        MicroBatch prompts = new Packer(packing).pack(PAIRS).get(0);
        MicroBatch responses = new Packer(packing).pack(asResponses).get(0);
        try (WeightSource weights = SafetensorsFolder.open(GOLDEN.folder());
                OrtScorer scorer = OrtScorer.open(
                        GOLDEN.model(), weights, OPTIONS, Set.of(OptionalInput.PROMPT_LOGPS), new SessionSettings(1))) {
            Map<String, float[]> scores = scorer.scores(prompts);
            float[] expected = scorer.scores(responses).get("policy_logps");
            for (int i = 0; i < PAIRS.size(); i++) {
                int other = indexOf(responses.pairIndices(), prompts.pairIndices()[i]);
                assertClose("prompt " + i, scores.get("prompt_logps")[i], expected[2 * other], 1e-5);
                int tokens = PAIRS.get(prompts.pairIndices()[i]).trunk().length - 1;
                assertThat(scores.get("prompt_lengths")[i]).isEqualTo(tokens);
            }
        }
    }

    private static int indexOf(int[] values, int value) {
        return Arrays.stream(values).boxed().toList().indexOf(value);
    }

    @Test
    void sumOfHeadsLowersItsLoss() {
        Objective objective = new Objective(List.of(term("bco", 1), term("orpo_full", 0.5)));
        List<MicroBatch> batches = pack(TOGETHER, 0, 1);
        try (TrainablePolicy policy = open(objective)) {
            double before = loss(policy, batches);
            policy.update(1e-3);
            assertThat(loss(policy, batches)).isLessThan(before);
        }
    }

    private static double loss(TrainablePolicy policy, List<MicroBatch> batches) {
        return policy.accumulateStep(batches).stream()
                .mapToDouble(StepResult::loss)
                .sum();
    }
}

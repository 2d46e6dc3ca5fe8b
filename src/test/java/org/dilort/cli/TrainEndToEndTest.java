package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.heads.Head;
import org.dilort.heads.Heads;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code dil-ort train} on tiny models: what it prints, what it writes, and that the numbers are those of the papers. */
class TrainEndToEndTest {
    @TempDir
    private Path temp;

    /** At the first step the policy is the reference: every log-ratio is 0, and the loss a constant. */
    @ParameterizedTest
    @CsvSource({
        "lsif, sum, -0.5",
        "lsif, mean, -0.5",
        "ukl, sum, 1",
        "ukl, mean, 1",
        "bce, sum, 1.3862943611198906",
        "bce, mean, 1.3862943611198906",
        "dpo, sum, 0.6931471805599453",
        "dpo, mean, 0.6931471805599453",
    })
    void trainsWithEveryHead(String head, String reduction, double firstLoss) {
        CommandLineRun run = train("out", "head.name=" + head, "head.reduction=" + reduction);

        EndToEndRun.assertSucceeded(run);
        RunFiles files = files("out");
        assertThat(files.stepNumbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        for (JsonNode line : files.steps()) {
            assertThat(line.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "step",
                            "epoch",
                            "loss",
                            "grad_norm",
                            "learning_rate",
                            "rewards/chosen",
                            "rewards/rejected",
                            "rewards/margins",
                            "rewards/accuracies",
                            "logps/chosen",
                            "logps/rejected",
                            "head/saturated",
                            "head/skipped",
                            "tokens_per_second",
                            "computed_tokens_per_second",
                            "packing_efficiency",
                            "step_seconds",
                            "num_tokens");
            assertThat(line).as("%s", line).allMatch(value -> value.isNumber() && Double.isFinite(value.asDouble()));
        }
        JsonNode first = files.steps().get(0);
        assertThat(first.get("loss").asDouble()).isCloseTo(firstLoss, within(1e-5));
        assertThat(first.get("rewards/chosen").asDouble()).isCloseTo(0, within(1e-5));
        assertThat(first.get("rewards/rejected").asDouble()).isCloseTo(0, within(1e-5));
        assertThat(first.get("grad_norm").asDouble()).isPositive();
        assertThat(files.steps().get(5).get("rewards/chosen").asDouble()).isNotCloseTo(0, within(1e-4));
        assertThat(files.checkpoints()).containsExactly("step-00000006");
        assertThat(RunFiles.names(temp.resolve("out")))
                .containsExactly(
                        ".lock",
                        "artifacts",
                        "checkpoints",
                        "config.yaml",
                        "export",
                        "hf",
                        "metrics.jsonl",
                        "remarks.jsonl",
                        "report.html",
                        "summary.json");
    }

    static Stream<String> everyHead() {
        return Heads.all().stream().map(Head::name);
    }

    @ParameterizedTest
    @MethodSource("everyHead")
    void everyHeadTrainsAndIsEvaluated(String head) {
        EndToEndRun.assertSucceeded(train(
                "out",
                "head.name=" + head,
                "train.max_steps=3",
                "data.eval=src/test/resources/job/held-out.jsonl",
                "train.eval_every=2"));

        assertThat(files("out").evaluations())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.get("eval_loss").isNumber())
                        .as("%s", line)
                        .isTrue());
        for (JsonNode line : files("out").steps()) {
            assertThat(line).as("%s", line).allMatch(value -> value.isNumber() && Double.isFinite(value.asDouble()));
        }
    }

    /** 2 ln 2 of DPO at step 0 with weight 2, and half the mean negative log-likelihood. */
    @Test
    void addsSeveralHeads() {
        EndToEndRun.assertSucceeded(train("sft", "head.name=sft", "train.max_steps=1"));
        CommandLineRun run = train("out", "head=[{name: dpo, weight: 2}, {name: sft, weight: 0.5}]");

        EndToEndRun.assertSucceeded(run);
        double likelihood = files("sft").losses().get(0);
        assertThat(files("out").losses().get(0)).isCloseTo(2 * Math.log(2) + 0.5 * likelihood, within(1e-4));
        assertThat(files("out").steps().get(0).get("rewards/margins").asDouble())
                .isCloseTo(0, within(1e-5));
        assertThat(files("out").steps().get(5).get("rewards/margins").asDouble())
                .isPositive();
    }

    /** A file of ours is the same loss, whose coefficients can be set too; another file is another run. */
    @Test
    void trainsWithAHeadOfTheUsersOwn() throws IOException {
        Path file = Files.copy(Path.of("onnx-graphs/heads/lsif.onnx"), temp.resolve("mine.onnx"));
        EndToEndRun.assertSucceeded(train("ours", "head.beta=0.5"));
        EndToEndRun.assertSucceeded(train("mine", "head.name=" + file, "head.beta=0.5"));

        assertThat(files("mine").metricsWithoutTimes()).isEqualTo(files("ours").metricsWithoutTimes());

        Files.copy(Path.of("onnx-graphs/heads/ukl.onnx"), file, StandardCopyOption.REPLACE_EXISTING);
        CommandLineRun changed = train("mine", "head.name=" + file, "head.beta=0.5", "train.resume=true");
        assertThat(changed.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(changed.err()).contains("was started with head.name = lsif, now ukl");
    }

    @Test
    void namesTheHeadOfAListThatIsWrong() {
        CommandLineRun run = train("out", "head=[{name: dpo}, {name: lsif, gamma: 1}]");

        assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(run.err())
                .isEqualTo(
                        "dil-ort: head.1.gamma: head lsif has no such coefficient, expected [beta, exp_cap, shift]\n");
    }

    @Test
    void imitatesWithoutReferenceAndRejectedResponses() {
        CommandLineRun run = train("out", "head.name=sft", "train.shuffle=false");

        EndToEndRun.assertSucceeded(run);
        RunFiles files = files("out");
        assertThat(run.out()).doesNotContain("reference log-probabilities");
        for (JsonNode line : files.steps()) {
            assertThat(line.fieldNames())
                    .toIterable()
                    .contains("rewards/chosen", "logps/chosen")
                    .doesNotContain("rewards/rejected", "rewards/margins", "logps/rejected");
        }
        JsonNode first = files.steps().get(0);
        int pairs = 4;
        int chosenTokens = 4 + 8 + 6 + 4; // of the first four lines of the data
        assertThat(first.get("loss").asDouble())
                .isCloseTo(-first.get("logps/chosen").asDouble() * pairs / chosenTokens, within(1e-5));
        assertThat(files.losses().get(5)).isLessThan(files.losses().get(2));
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void theSameSeedGivesTheSameBytes(int threads) {
        String setting = "train.threads=" + threads;
        EndToEndRun.assertSucceeded(train("one", setting));
        EndToEndRun.assertSucceeded(train("two", setting, "reference.cache=" + temp.resolve("another-cache")));
        EndToEndRun.assertSucceeded(train("three", setting, "train.seed=43"));

        assertThat(files("two").metricsWithoutTimes()).isEqualTo(files("one").metricsWithoutTimes());
        assertThat(files("two").results()).isEqualTo(files("one").results());
        assertThat(files("three").losses().subList(1, 6))
                .doesNotContainAnyElementsOf(files("one").losses().subList(1, 6));
    }

    @ParameterizedTest
    @CsvSource({"lsif, 1", "lsif, 40", "lsif, 70", "aot, 1", "aot_unpaired, 40"})
    void anyMicroBatchingGivesTheSameLosses(String name, int tokens) {
        String head = "head.name=" + name;
        EndToEndRun.assertSucceeded(train("whole", head, "train.micro_batch_tokens=4096", "train.row_tokens=256"));
        EndToEndRun.assertSucceeded(train("parts", head, "train.micro_batch_tokens=" + tokens));

        List<Double> whole = files("whole").losses();
        List<Double> parts = files("parts").losses();
        assertThat(whole).hasSize(6);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(parts.get(i))
                    .as("step %d", i + 1)
                    .isCloseTo(whole.get(i), within(1e-5 * Math.abs(whole.get(i))));
        }
    }

    @Test
    void evaluatesTheHeldOutPairs() {
        CommandLineRun run =
                train("out", "data.eval=src/test/resources/job/held-out.jsonl", "train.eval_every=4", "head.name=dpo");

        EndToEndRun.assertSucceeded(run);
        List<JsonNode> evaluations = files("out").evaluations();
        assertThat(evaluations).extracting(line -> line.get("step").asInt()).containsExactly(4, 6);
        for (JsonNode line : evaluations) {
            assertThat(line.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "step",
                            "eval_accuracy",
                            "eval_head/saturated",
                            "eval_head/skipped",
                            "eval_logps/chosen",
                            "eval_logps/rejected",
                            "eval_loss",
                            "eval_margin",
                            "eval_rewards/accuracies",
                            "eval_rewards/chosen",
                            "eval_rewards/margins",
                            "eval_rewards/rejected");
            assertThat(line).allMatch(value -> value.isNumber() && Double.isFinite(value.asDouble()));
        }
        assertThat(run.out())
                .contains("data.eval: 6 pairs, ", "reference log-probabilities of data.eval: computing 6 of 6 pairs\n")
                .containsPattern("(?m)^held-out pairs +before +after$")
                .containsPattern("(?m)^preference accuracy +\\S+ +\\S+$");
        assertThat(RunFiles.names(temp.resolve("out"))).doesNotContain(".evaluation");
    }

    @Test
    void saysNothingOfHeldOutPairsWithoutThem() {
        CommandLineRun run = train("out", "train.max_steps=1");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).doesNotContain("held-out");
    }

    @Test
    void saysWhenTheModelHasFewerPositionsThanTheDataMayUse() {
        CommandLineRun within = train("within", "data.max_length=64", "train.max_steps=1");
        CommandLineRun above = train("above", "data.max_length=65", "train.max_steps=1");

        EndToEndRun.assertSucceeded(within);
        EndToEndRun.assertSucceeded(above);
        assertThat(within.out()).doesNotContain("data.max_length");
        assertThat(above.out().lines())
                .filteredOn(line -> line.contains("data.max_length"))
                .containsExactly(
                        "note: data.max_length is 65, but the model has 64 positions (max_position_embeddings); 64 is"
                                + " used");
    }

    @Test
    void theWrittenConfigurationRunsAgain() {
        EndToEndRun.assertSucceeded(train("out", "head.beta=0.5"));
        CommandLineRun again = EndToEndRun.of(List.of(
                "train",
                "--config",
                temp.resolve("out/config.yaml").toString(),
                "--set",
                "output=" + temp.resolve("again")));

        EndToEndRun.assertSucceeded(again);
        assertThat(files("again").metricsWithoutTimes()).isEqualTo(files("out").metricsWithoutTimes());
    }

    @Test
    void aRunThatDivergesEndsInOneLine() {
        CommandLineRun run = train(
                "out", "train.learning_rate=1e30", "head.exp_cap=none", "train.epochs=10", "train.warmup_ratio=0");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("dil-ort: step 11: the gradient was not finite in 10 steps in a row, expected fewer than 10;"
                        + " try a smaller train.learning_rate or head.exp_cap\n");
        assertThat(files("out").steps().get(10).get("skipped_updates").asInt()).isEqualTo(10);
    }

    private CommandLineRun train(String output, String... overrides) {
        return EndToEndRun.train(temp.resolve(output), overrides);
    }

    private RunFiles files(String output) {
        return new RunFiles(temp.resolve(output));
    }
}

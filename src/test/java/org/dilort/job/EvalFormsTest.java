package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.dilort.data.RejectedUse;
import org.dilort.error.ConfigException;
import org.dilort.error.DataException;
import org.dilort.eval.AnswerFilter;
import org.dilort.eval.AnswerNorm;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.PairScore;
import org.dilort.eval.Reward;
import org.dilort.eval.Sections;
import org.dilort.eval.SequenceScorer;
import org.dilort.export.GenerationSettings;
import org.dilort.export.TestModels;
import org.dilort.heads.Heads;
import org.dilort.judge.JudgeChoice;
import org.dilort.judge.JudgeFailure;
import org.dilort.train.ProgressLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The forms of {@code eval} beside multiple choice, each from its files to its files. */
class EvalFormsTest {
    private static final GenerationSettings FOUR_TOKENS = GenerationSettings.greedy(4);

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream warned = new ByteArrayOutputStream();
    private Path model;
    private Path other;
    private Path out;

    @BeforeEach
    void write() {
        model = model("model", 3);
        other = model("other", 4);
        out = temp.resolve("out.json");
    }

    private Path model(String name, long seed) {
        Path folder = TestModels.random(
                temp.resolve(name),
                seed,
                config -> config.put("vocab_size", 280).put("tie_word_embeddings", false));
        TestModels.addTokenizer("tokenizer-bytes", folder);
        return folder;
    }

    private JobOutput output() {
        return new JobOutput(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(warned, true, StandardCharsets.UTF_8),
                ProgressLine.Style.PLAIN);
    }

    /** What {@code --model} may name: a folder of either kind, or a model file. */
    private List<Path> forms() {
        Path export = TestModels.export(model, temp.resolve("export"));
        return List.of(model, export, export.resolve("onnx/model.onnx"));
    }

    private JsonNode results() throws IOException {
        return new ObjectMapper().readTree(Files.readString(out));
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(temp.resolve(name), String.join("\n", lines) + "\n");
    }

    private Path pairs() throws IOException {
        return file(
                "pairs.jsonl",
                "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"cc\", \"subset\": \"x\"}",
                "{\"prompt\": \"b\", \"chosen\": \"cd\", \"rejected\": \"e\", \"subset\": \"y\"}",
                "{\"prompt\": \"c\", \"chosen\": \"e\", \"rejected\": \"f\", \"subset\": \"x\"}");
    }

    private EvalPairsJob.Plan pairsPlan(Path folder, String subset, Sections sections) throws IOException {
        return new EvalPairsJob.Plan(
                folder,
                List.of(pairs()),
                new EvalPairsJob.Reference.Folder(other, Reward.of(Heads.named("dpo"))),
                subset,
                sections,
                EvalFiles.of(out));
    }

    /** The mean margin is that of the scores that {@code score} would write. */
    @Test
    void pairsAreTheScoresOfBothKindsOfFolder() throws IOException {
        List<PairScore> scores;
        try (SequenceScorer scorer = ModelFolder.open(model).scorer(TestModels.ONE_THREAD)) {
            scores = scorer.score(ModelFolder.open(model)
                    .readPairs(List.of(pairs()), RejectedUse.REQUIRED)
                    .pairs());
        }
        double margin = scores.stream()
                .mapToDouble(score -> score.chosenLogp() - score.rejectedLogp())
                .average()
                .orElseThrow();

        for (Path folder : forms()) {
            EvalPairsJob.run(pairsPlan(folder, "", Sections.none()), TestModels.ONE_THREAD, output());

            JsonNode result = results().path("results").path("pairs");
            assertThat(result.path("margin,none").asDouble()).isCloseTo(margin, within(1e-4));
            assertThat(result.path("kl_k3_chosen,none").asDouble()).isPositive();
            assertThat(results()
                            .path("n-samples")
                            .path("pairs")
                            .path("effective")
                            .asInt())
                    .isEqualTo(3);
        }
    }

    @Test
    void subsetsAndSectionsHaveTheirRows() throws IOException {
        Path sections = file("s.json", "{\"Both\": [\"x\", \"y\"], \"None\": [\"z\"]}");

        EvalPairsJob.run(pairsPlan(model, "subset", Sections.read(sections)), TestModels.ONE_THREAD, output());

        JsonNode json = results();
        assertThat(json.path("n-samples").path("pairs_x").path("original").asInt())
                .isEqualTo(2);
        assertThat(json.path("results").path("pairs_y").path("reward_acc,none").isNumber())
                .isTrue();
        assertThat(json.path("groups").path("Both").path("acc,none").asDouble())
                .isCloseTo(json.path("results").path("pairs").path("acc,none").asDouble(), within(1e-12));
        assertThat(json.path("group_subtasks").path("Both")).hasSize(2);
        assertThat(json.path("config").path("reward").asText()).isEqualTo("dpo, beta 0.1, sum over tokens");
        assertThat(text()).contains("pairs_x", "against the reference", "section", "results in " + out);
        assertThat(warned.toString(StandardCharsets.UTF_8))
                .isEqualTo("warning: --sections: no pair of the subsets [z]\n");
    }

    @Test
    void brokenPairsAreNamedWithTheirLine() throws IOException {
        EvalPairsJob.Plan plan = pairsPlan(model, "kind", Sections.none());
        assertThatThrownBy(() -> EvalPairsJob.run(plan, TestModels.ONE_THREAD, output()))
                .isInstanceOf(DataException.class)
                .hasMessage(temp.resolve("pairs.jsonl") + ":1: kind: got nothing, expected the name of a subset");

        file(
                "pairs.jsonl",
                "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\", \"kind\": \"k\"}",
                "{\"prompt\": \"a\"}");
        assertThatThrownBy(() -> EvalPairsJob.run(plan, TestModels.ONE_THREAD, output()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(temp.resolve("pairs.jsonl") + ":2: ");
        assertThat(out).doesNotExist();

        file("pairs.jsonl", "");
        assertThatThrownBy(() -> EvalPairsJob.run(plan, TestModels.ONE_THREAD, output()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no pairs");
    }

    @Test
    void equalResponsesAreATie() throws IOException {
        EvalPairsJob.Plan plan = pairsPlan(model, "", Sections.none());
        String line = "{\"prompt\": \"abc\", \"chosen\": \"some words\", \"rejected\": \"some words\"}";
        file("pairs.jsonl", line, line.replace("abc", "a"));

        EvalPairsJob.run(plan, TestModels.ONE_THREAD, output());

        JsonNode result = results().path("results").path("pairs");
        assertThat(result.path("acc_ties,none").asInt()).isEqualTo(2);
        assertThat(result.path("reward_acc_ties,none").asInt()).isEqualTo(2);
        assertThat(result.path("longer_wins,none").asText()).isEqualTo("N/A");
    }

    @Test
    void anotherTokenizerIsToldOf() throws IOException {
        Files.writeString(other.resolve("tokenizer.json"), Files.readString(other.resolve("tokenizer.json")) + "\n");

        EvalPairsJob.run(pairsPlan(model, "", Sections.none()), TestModels.ONE_THREAD, output());

        assertThat(warned.toString(StandardCharsets.UTF_8)).contains("the reference is given the model's tokens");
    }

    @Test
    void perplexityIsThatOfBothKindsOfFolder() throws IOException {
        Path rows = file("rows.jsonl", "{\"text\": \"some words here\"}", "{\"text\": \"" + "long ".repeat(30) + "\"}");
        List<Path> folders = forms();
        double[] bits = new double[folders.size()];
        for (int i = 0; i < bits.length; i++) {
            EvalPerplexityJob.Plan plan = new EvalPerplexityJob.Plan(
                    folders.get(i), List.of(rows), "text", EvalPerplexityJob.MODEL_LENGTH, EvalFiles.of(out));
            EvalPerplexityJob.run(plan, TestModels.ONE_THREAD, output());
            JsonNode result = results().path("results").path("rows");
            bits[i] = result.path("bits_per_byte,none").asDouble();
            assertThat(result.path("word_perplexity_stderr,none").asText()).isEqualTo("N/A");
            assertThat(result.path("bytes,none").asLong()).isEqualTo(165);
            assertThat(result.path("words,none").asLong()).isEqualTo(34);
        }
        assertThat(bits[0]).isPositive().isCloseTo(bits[1], within(1e-6)).isCloseTo(bits[2], within(1e-6));
        assertThat(results().path("config").path("max_length").asText()).isEqualTo("32");
    }

    private EvalMatchJob.Plan matchPlan(Path questions, int shots) {
        return new EvalMatchJob.Plan(
                model,
                new EvalMatchJob.Questions(List.of(questions), 2, List.of(questions, questions), shots),
                new EvalMatchJob.Wording(
                        "{question}",
                        " ",
                        List.of(
                                new AnswerFilter("strict-match", Pattern.compile("(?s).+"), AnswerFilter.Take.FIRST),
                                AnswerFilter.FLEXIBLE),
                        AnswerNorm.GSM8K),
                FOUR_TOKENS,
                new EvalFiles(out, List.of(temp.resolve("answers.jsonl"))));
    }

    @Test
    void answersAreKeptAndMatched() throws IOException {
        Path questions = file(
                "q.jsonl",
                "{\"question\": \"1\", \"answer\": \"no such answer\"}",
                "{\"question\": \"2\", \"answer\": 7}",
                "{}");

        EvalMatchJob.run(matchPlan(questions, 1), TestModels.ONE_THREAD, output());

        JsonNode result = results().path("results").path("q");
        assertThat(result.path("exact_match,strict-match").asDouble(-1)).isZero();
        assertThat(result.has("exact_match_stderr,flexible-extract")).isTrue();
        assertThat(results().path("n-shot").path("q").asInt()).isEqualTo(1);
        assertThat(Files.readAllLines(temp.resolve("answers.jsonl")))
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"task\":\"q\",\"question\":"));
        assertThat(text()).contains("flexible-extract", "exact_match");
    }

    @Test
    void tooFewExamplesAreRefused() throws IOException {
        Path questions = file("q.jsonl", "{\"question\": \"1\", \"answer\": \"a\"}");

        assertThatThrownBy(() -> EvalMatchJob.run(matchPlan(questions, 3), TestModels.ONE_THREAD, output()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--shots: got 3, expected at most the 2 questions of --examples");
    }

    private EvalVersusJob.Plan versusPlan(Path against, JudgeChoice judge) throws IOException {
        Path prompts = file("p.jsonl", "{\"prompt\": \"1\"}", "{\"instruction\": \"2\"}", "{\"prompt\": \"33\"}");
        return new EvalVersusJob.Plan(
                model,
                against,
                new EvalVersusJob.Prompts(List.of(prompts), Integer.MAX_VALUE, PromptForm.PLAIN),
                FOUR_TOKENS,
                judge,
                0,
                new EvalFiles(out, List.of(temp.resolve("answers.jsonl"))));
    }

    private JudgeChoice script(String body) throws IOException {
        Path path = file("judge.sh", "#!/bin/sh", body);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        return new JudgeChoice.Program(path, Duration.ofSeconds(60));
    }

    /** A judge that always takes the first changes its mind each time; one that always sees a tie does not. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aJudgeThatFavoursAPlaceDecidesNothing() throws IOException {
        EvalVersusJob.run(versusPlan(other, script("exit 0")), TestModels.ONE_THREAD, output());

        JsonNode result = results().path("results").path("p");
        assertThat(result.path("win_rate,none").asDouble()).isEqualTo(0.5);
        assertThat(result.path("n_changed,none").asInt()).isEqualTo(3);
        assertThat(result.path("decided_win_rate,none").asText()).isEqualTo("N/A");
        assertThat(Files.readAllLines(temp.resolve("answers.jsonl")))
                .hasSize(3)
                .allMatch(line ->
                        line.contains("\"verdict\":\"tie\",\"verdict/a_first\":\"a\",\"verdict/b_first\":\"b\""));
        assertThat(text()).contains("win rate", "answers of", "the longer answer won: -");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void answersOutliveAJudgeThatFails() throws IOException {
        EvalVersusJob.Plan plan = versusPlan(other, script("echo oops; exit 9"));

        assertThatThrownBy(() -> EvalVersusJob.run(plan, TestModels.ONE_THREAD, output()))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageEndingWith("it wrote: oops");

        assertThat(out).doesNotExist();
        assertThat(Files.readAllLines(temp.resolve("answers.jsonl")))
                .hasSize(3)
                .allMatch(line -> line.contains("\"a\":") && !line.contains("verdict"));
    }

    @Test
    void aRewardModelPrefersItsOwnAnswersAndTiesWithItself() throws IOException {
        JudgeChoice judge = new JudgeChoice.Model(model, other, Reward.of(Heads.named("lsif")));

        EvalVersusJob.run(versusPlan(model, judge), TestModels.ONE_THREAD, output());

        assertThat(results().path("results").path("p").path("n_draws,none").asInt())
                .isEqualTo(3);
        assertThat(results().path("config").path("judge").asText()).startsWith("implicit reward of " + model);
    }

    @Test
    void modelFilesMayAnswerAndJudge() throws IOException {
        Path file = forms().get(2);
        JudgeChoice judge = new JudgeChoice.Model(file, other, Reward.of(Heads.named("lsif")));

        EvalVersusJob.run(versusPlan(file, judge), TestModels.ONE_THREAD, output());

        assertThat(results().path("results").path("p").path("n_draws,none").asInt())
                .isEqualTo(3);
    }

    @Test
    void anotherTokenizerOfAModelFileIsToldOf() throws IOException {
        Path file = TestModels.export(other, temp.resolve("export")).resolve("onnx/model.onnx");
        Files.writeString(
                temp.resolve("export/tokenizer.json"), Files.readString(other.resolve("tokenizer.json")) + "\n");
        other = file;

        EvalPairsJob.run(pairsPlan(model, "", Sections.none()), TestModels.ONE_THREAD, output());

        assertThat(warned.toString(StandardCharsets.UTF_8)).contains("the reference is given the model's tokens");
    }

    @Test
    void brokenPromptsAreNamedWithTheirLine() throws IOException {
        JudgeChoice judge = new JudgeChoice.Model(model, other, Reward.of(Heads.named("lsif")));
        EvalVersusJob.Plan plan = versusPlan(model, judge);
        for (String line :
                List.of("{\"prompt\": \"\"}", "{\"prompt\": 3}", "{\"other\": \"x\"}", "{\"prompt\": []}", "{")) {
            Path prompts = file("p.jsonl", "{\"prompt\": \"1\"}", line);
            assertThatThrownBy(() -> EvalVersusJob.run(plan, TestModels.ONE_THREAD, output()))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(prompts + ":2: ");
        }
    }

    @Test
    void whatCouldNeverBeWrittenIsRefusedFirst() throws IOException {
        EvalFiles nowhere = EvalFiles.of(temp.resolve("no/out.json"));

        assertThatThrownBy(nowhere::requireWritable)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--out: ");
        assertThatThrownBy(() -> new EvalFiles(out, List.of(temp)).requireWritable())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--answers: ");
    }
}

package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dilort.export.TestModels;
import org.dilort.job.RunFiles;
import org.dilort.model.ConfigJson;
import org.dilort.model.RunLength;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code dil-ort train}: which model is trained, which one is the reference, and where they come from. */
class TrainModelsEndToEndTest {
    private static final Path TIED = Path.of("src/test/resources/golden/tiny-llama_gqa_tied");
    private static final Path UNTIED = Path.of("src/test/resources/golden/tiny-llama_gqa_untied");
    private static final String DEMO_DATA = "data.train=examples/demo/data/eval.jsonl";

    @TempDir
    private Path temp;

    @ParameterizedTest
    @MethodSource("org.dilort.testing.GoldenModel#names")
    void scoresAsPyTorchDoes(String name) throws IOException {
        GoldenModel golden = GoldenModel.load(name);
        Path data = Files.writeString(temp.resolve("golden.jsonl"), goldenPairs(golden));

        CommandLineRun run = train(
                "out",
                "model.path=" + golden.folder(),
                "data.train=" + data,
                "data.max_length=" + golden.longestRow(),
                "train.max_steps=2");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("export checked: 6 sequences within ");
        assertThat(files("out").steps()).hasSize(2);
        JsonNode step = firstStep("out");
        double[] logps = golden.numbers("/sequence_logps");
        int pairs = golden.pairs();
        double chosen = Arrays.stream(logps, 0, pairs).average().orElseThrow();
        double rejected = Arrays.stream(logps, pairs, 2 * pairs).average().orElseThrow();
        assertThat(step.get("logps/chosen").asDouble()).isCloseTo(chosen, within(1e-4));
        assertThat(step.get("logps/rejected").asDouble()).isCloseTo(rejected, within(1e-4));
    }

    /** The factors of a run are its own: whoever loads what it leaves must find its length there, and nobody else's files change. */
    @ParameterizedTest
    @CsvSource({"llama_rope_dynamic, true", "phi3_longrope, true", "llama_rope_llama3, false"})
    void theLengthOfARunIsWrittenWhereItDecides(String name, boolean written) throws IOException {
        GoldenModel golden = GoldenModel.load(name);
        Path data = Files.writeString(temp.resolve("golden.jsonl"), goldenPairs(golden));
        String length = "data.max_length=" + golden.longestRow();
        String[] options = {
            "data.train=" + data, length, "train.max_steps=1", "train.optimizer=sgd", "train.learning_rate=1e-30"
        };

        EndToEndRun.assertSucceeded(train("first", with(options, "model.path=" + golden.folder())));
        EndToEndRun.assertSucceeded(train("again", with(options, "model.path=" + temp.resolve("first/hf"))));

        for (String folder : List.of("first/hf", "first/export", "again/hf")) {
            ConfigJson config = ConfigJson.read(temp.resolve(folder));
            assertThat(config.has(RunLength.KEY)).as(folder).isEqualTo(written);
            assertThat(config.countOrZero(RunLength.KEY, golden.longestRow())).isEqualTo(golden.longestRow());
        }
        assertThat(firstStep("again").get("logps/chosen"))
                .isEqualTo(firstStep("first").get("logps/chosen"));
    }

    @Test
    void computingBlocksAgainChangesNoNumber() {
        EndToEndRun.assertSucceeded(train("kept"));
        EndToEndRun.assertSucceeded(train("again", "train.recompute=blocks"));

        assertThat(files("again").metricsWithoutTimes()).isEqualTo(files("kept").metricsWithoutTimes());
        assertThat(RunFiles.names(temp.resolve("again/hf"))).isEqualTo(RunFiles.names(temp.resolve("kept/hf")));
        assertThat(temp.resolve("again/hf/model.safetensors"))
                .hasSameBinaryContentAs(temp.resolve("kept/hf/model.safetensors"));
        assertThat(temp.resolve("again/artifacts/manifest.json")).content().contains("\"recompute\" : \"blocks\"");
    }

    private static String[] with(String[] options, String more) {
        return Stream.concat(Stream.of(more), Stream.of(options)).toArray(String[]::new);
    }

    private static String goldenPairs(GoldenModel golden) {
        return TestModels.pairs(golden).stream()
                .map(pair -> "{\"prompt_ids\": " + Arrays.toString(pair.trunk()) + ", \"chosen_ids\": "
                        + Arrays.toString(pair.chosen()) + ", \"rejected_ids\": " + Arrays.toString(pair.rejected())
                        + "}\n")
                .collect(Collectors.joining());
    }

    @Test
    void theReferenceIsComputedOnceForAllHeads() {
        CommandLineRun first = train("lsif");
        CommandLineRun second = train("dpo", "head.name=dpo");
        Path cache = temp.resolve("reference-cache");

        assertThat(first.out()).contains("reference log-probabilities of data.train: computing 12 of 12 pairs\n");
        assertThat(second.out())
                .contains("reference log-probabilities of data.train: from the cache in " + cache + "\n")
                .doesNotContain("computing");
        assertThat(RunFiles.names(cache)).hasSize(1);
    }

    @Test
    void aDamagedCacheIsComputedAgain() throws IOException {
        EndToEndRun.assertSucceeded(train("whole"));
        Path cache = temp.resolve("reference-cache");
        Path file = cache.resolve(RunFiles.names(cache).get(0));
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[damaged.length - 20] ^= 1;
        Files.write(file, damaged);

        CommandLineRun run = train("again");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .isEqualTo(
                        "warning: " + file + ": damaged or cut after 0 of 12 pairs; the others are computed again\n");
        assertThat(run.out()).contains("reference log-probabilities of data.train: computing 12 of 12 pairs\n");
        assertThat(file).hasBinaryContent(whole);
        assertThat(files("again").metricsWithoutTimes())
                .isEqualTo(files("whole").metricsWithoutTimes());
    }

    @Test
    void anotherModelAsReference() {
        EndToEndRun.assertSucceeded(train("policy", "head.name=sft", "train.max_steps=1"));
        EndToEndRun.assertSucceeded(train("other", "head.name=sft", "train.max_steps=1", "model.path=" + UNTIED));
        CommandLineRun run = train("out", "reference.path=" + UNTIED, "train.max_steps=1", "head.name=ukl");

        EndToEndRun.assertSucceeded(run);
        double policy = firstStep("policy").get("logps/chosen").asDouble();
        double reference = firstStep("other").get("logps/chosen").asDouble();
        assertThat(policy).isNotCloseTo(reference, within(1.0));
        assertThat(firstStep("out").get("rewards/chosen").asDouble()).isCloseTo(policy - reference, within(1e-4));
        assertThat(firstStep("out").get("loss").asDouble()).isNotCloseTo(1, within(0.1));
    }

    @Test
    void theReferenceMayBeTheModelsOwnCopy() throws IOException {
        Path copy = copy(TIED, temp.resolve("copy"));
        EndToEndRun.assertSucceeded(train("out", "reference.path=" + copy, "train.max_steps=1"));
        assertThat(firstStep("out").get("loss").asDouble()).isCloseTo(-0.5, within(1e-5));
    }

    @Test
    void newWeightsForAFolderThatHasNone() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("new"));
        Files.copy(UNTIED.resolve("config.json"), folder.resolve("config.json"));
        String[] options = {"model.path=" + folder, "model.init=random", "train.max_steps=2"};

        CommandLineRun run = train("one", options);
        EndToEndRun.assertSucceeded(run);
        EndToEndRun.assertSucceeded(train("two", options));
        EndToEndRun.assertSucceeded(
                train("three", "model.path=" + folder, "model.init=random", "train.max_steps=2", "train.seed=7"));

        assertThat(firstStep("one").get("loss").asDouble()).isCloseTo(-0.5, within(1e-5));
        assertThat(files("two").metricsWithoutTimes()).isEqualTo(files("one").metricsWithoutTimes());
        assertThat(files("two").results()).isEqualTo(files("one").results());
        assertThat(firstStep("three").get("logps/chosen").asDouble())
                .isNotEqualTo(firstStep("one").get("logps/chosen").asDouble());
        assertThat(temp.resolve("one/hf/model.safetensors")).exists();
    }

    @Test
    void textsWithTheTokenizerOfTheDemo() {
        CommandLineRun run = train(
                "out",
                "model.path=examples/demo/model",
                "model.init=random",
                DEMO_DATA,
                "train.batch_pairs=8",
                "train.max_steps=2");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("data.train: 300 pairs, ");
        assertThat(firstStep("out").get("loss").asDouble()).isCloseTo(-0.5, within(1e-4));
        assertThat(temp.resolve("out/hf/tokenizer.json")).exists();
        assertThat(temp.resolve("out/export/tokenizer.json")).exists();
    }

    @ParameterizedTest
    @CsvSource({"BF16, 0.02", "F16, 0.02", "F64, 0"})
    void weightsOfOtherTypes(WeightType type, double rounding) throws IOException {
        Path folder = rewrite(name -> type, ShardPlan.singleFile());
        EndToEndRun.assertSucceeded(train("out", "model.path=" + folder));
        EndToEndRun.assertSucceeded(train("whole"));

        assertThat(firstStep("out").get("loss").asDouble()).isCloseTo(-0.5, within(1e-5));
        double expected = firstStep("whole").get("logps/chosen").asDouble();
        assertThat(firstStep("out").get("logps/chosen").asDouble())
                .isCloseTo(expected, within(rounding * Math.abs(expected)));
        try (SafetensorsFolder aligned = SafetensorsFolder.open(temp.resolve("out/hf"))) {
            assertThat(aligned.names()).allMatch(name -> aligned.info(name).type() == type);
        }
    }

    @Test
    void weightsOfSeveralTypes() throws IOException {
        Function<String, WeightType> types = name -> name.contains("norm") ? WeightType.F32 : WeightType.BF16;
        Path folder = rewrite(types, ShardPlan.singleFile());
        CommandLineRun run = train("out", "model.path=" + folder, "train.max_steps=1");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .startsWith("note: " + folder + " has weights of several types: 15 of type BF16, 5 of type F32; each is"
                        + " written back in its own\n");
        try (SafetensorsFolder aligned = SafetensorsFolder.open(temp.resolve("out/hf"))) {
            assertThat(aligned.names()).allMatch(name -> aligned.info(name).type() == types.apply(name));
        }
    }

    /** The vocabulary is filled up to a round number, as for some hardware; the tokenizer has fewer tokens. */
    @Test
    void vocabularyOfMoreTokensThanTheTokenizer() throws IOException {
        Path folder = TestModels.random(
                temp.resolve("padded"),
                3,
                config -> config.put("vocab_size", 512).put("max_position_embeddings", 64));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Path.of("examples/demo/model", name), folder.resolve(name));
        }
        EndToEndRun.assertSucceeded(train("out", "model.path=" + folder, DEMO_DATA, "train.max_steps=2"));

        try (SafetensorsFolder aligned = SafetensorsFolder.open(temp.resolve("out/hf"))) {
            assertThat(aligned.info("model.embed_tokens.weight").shape()).containsExactly(512L, 16L);
        }
        CommandLineRun answer = EndToEndRun.of(List.of(
                "generate",
                "--model",
                temp.resolve("out/export").toString(),
                "--prompt",
                "47+38=",
                "--max-new-tokens",
                "20"));
        EndToEndRun.assertSucceeded(answer);
    }

    @Test
    void weightsInShards() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (SafetensorsFolder source = SafetensorsFolder.open(TIED)) {
            List<String> names = source.names();
            for (int i = 0; i < names.size(); i++) {
                files.put(
                        names.get(i), i < 7 ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors");
            }
        }
        Path folder = rewrite(name -> WeightType.F32, new ShardPlan(files));

        EndToEndRun.assertSucceeded(train("out", "model.path=" + folder));
        EndToEndRun.assertSucceeded(train("whole"));
        assertThat(files("out").metricsWithoutTimes()).isEqualTo(files("whole").metricsWithoutTimes());
        assertThat(RunFiles.names(temp.resolve("out/hf")))
                .contains(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
    }

    /** As the cache of Hugging Face's hub keeps a model. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void weightsBehindSymbolicLinks() throws IOException {
        Path blobs = copy(TIED, temp.resolve("blobs"));
        Path snapshot = Files.createDirectories(temp.resolve("snapshots/0123"));
        for (String name : RunFiles.names(blobs)) {
            Files.move(blobs.resolve(name), blobs.resolve("blob-" + name));
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/blob-" + name));
        }

        EndToEndRun.assertSucceeded(train("out", "model.path=" + snapshot));
        EndToEndRun.assertSucceeded(train("whole"));
        SortedMap<String, String> results = files("out").results();
        SortedMap<String, String> expected = files("whole").results();
        for (SortedMap<String, String> hashes : List.of(results, expected)) {
            hashes.remove("export/README.md"); // has the folder's name
        }
        assertThat(results).isEqualTo(expected);
        assertThat(Files.isSymbolicLink(temp.resolve("out/hf/config.json"))).isFalse();
    }

    private Path rewrite(Function<String, WeightType> types, ShardPlan plan) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("rewritten"));
        Files.copy(TIED.resolve("config.json"), folder.resolve("config.json"));
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        try (SafetensorsFolder source = SafetensorsFolder.open(TIED)) {
            for (String name : source.names()) {
                writer.add(name, types.apply(name), source.info(name).shape(), source.floats(name));
            }
            writer.writeFolder(folder, plan);
        }
        return folder;
    }

    private static Path copy(Path folder, Path target) throws IOException {
        Files.createDirectories(target);
        for (String name : RunFiles.names(folder)) {
            Files.copy(folder.resolve(name), target.resolve(name));
        }
        return target;
    }

    private CommandLineRun train(String output, String... overrides) {
        return EndToEndRun.train(temp.resolve(output), overrides);
    }

    private RunFiles files(String output) {
        return new RunFiles(temp.resolve(output));
    }

    private JsonNode firstStep(String output) {
        return files(output).steps().get(0);
    }
}

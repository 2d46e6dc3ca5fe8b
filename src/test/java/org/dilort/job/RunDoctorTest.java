package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.config.ConfigLoader;
import org.dilort.train.ProgressLine;
import org.dilort.train.ReferenceCache;
import org.dilort.train.ReferenceFile;
import org.dilort.train.StopSignal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of whole runs: nothing of those that go well, the right thing of broken ones. */
class RunDoctorTest {
    private static final Path DEMO = Path.of("configs/demo.yaml");

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"lsif", "dpo"})
    void theDemoGoesWell(String head) {
        demo("out", "head.name=" + head);

        assertThat(remarks("out")).filteredOn(RunDoctorTest::isWarning).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aRateThatDestroysThePolicyIsSaidAtOnce() {
        run(RunFiles.TINY, "out", "train.learning_rate=1.0", "train.epochs=4");

        JsonNode first = remarks("out").get(0);
        assertThat(first.get("name").asText()).isEqualTo("collapsed-policy");
        assertThat(first.get("step").asInt()).isEqualTo(11);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("warning: step 11: logps/chosen is ")
                .contains("(docs/doctor.md#collapsed-policy)");
    }

    @Test
    void aRateBelowTheResolutionOfTheWeightsIsSaidBeforeTheFirstStep() {
        run(RunFiles.TINY, "out", "train.learning_rate=1e-12", "train.epochs=8");

        assertThat(names("out")).containsExactly("0 learning-rate-too-small");
    }

    /** SGD has no bound on its step, so only the run itself can show it: 24 steps, 2 of warm-up at most. */
    @Test
    void aPolicyThatStandsStillIsSaid() {
        run(RunFiles.TINY, "out", "train.optimizer=sgd", "train.learning_rate=1e-12", "train.epochs=8");

        assertThat(names("out")).containsExactly("20 learning-rate-too-small");
    }

    @Test
    void aReferenceOfOtherPairsIsSaid() {
        run(RunFiles.TINY, "right", "train.max_steps=1");
        assertThat(remarks("right")).isEmpty();

        Path cache = cacheOf("wrong", row -> new float[] {row[0] - 2, row[1]}, 0);
        run(RunFiles.TINY, "out", "train.max_steps=1", "reference.cache=" + cache);
        assertThat(names("out")).containsExactly("1 reference-differs");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("warning: step 1: logps/chosen is ")
                .hasLineCount(1);
    }

    /** All twelve pairs are in the first step: in another order the reference has the same means. */
    @Test
    void aReferenceInAnotherOrderIsSaid() {
        run(RunFiles.TINY, "right", "train.max_steps=1", "train.batch_pairs=12");
        assertThat(remarks("right")).isEmpty();

        Path cache = cacheOf("turned", row -> row, 1);
        run(RunFiles.TINY, "out", "train.max_steps=1", "train.batch_pairs=12", "reference.cache=" + cache);
        assertThat(names("out")).containsExactly("1 unexpected-first-loss");
    }

    /** A folder of its own is another model on purpose, be it the same. */
    @Test
    void anotherReferenceIsNotHeldAgainstThePolicy() {
        run(
                RunFiles.TINY,
                "out",
                "reference.path=src/test/resources/golden/tiny-llama_gqa_untied",
                "train.max_steps=2");
        assertThat(remarks("out")).isEmpty();
    }

    @Test
    void aResumedRunSaysNothingTwice() throws IOException {
        run(RunFiles.TINY, "out", "train.learning_rate=1e-12");
        Path file = temp.resolve("out/remarks.jsonl");
        String before = Files.readString(file);
        Files.writeString(file, before + "{\"step\":7,\"name\":\"of a step that was lost\"}\n");

        run(RunFiles.TINY, "out", "train.learning_rate=1e-12", "train.resume=true");
        assertThat(file).content().isEqualTo(before);
    }

    @Test
    void identicalPairsAreOnRecord() throws IOException {
        Path data = temp.resolve("pairs.jsonl");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            lines.append("{\"prompt_ids\": [1, 5], \"chosen_ids\": [6, 2], \"rejected_ids\": [")
                    .append(i == 3 ? 6 : 7)
                    .append(", 2]}\n");
        }
        Files.writeString(data, lines);

        run(RunFiles.TINY, "out", "data.train=" + data, "train.max_steps=1");
        assertThat(names("out")).containsExactly("0 identical-pairs");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("docs/doctor.md");
    }

    /** Changes values of one pair. */
    private interface Change {
        float[] of(float[] row);
    }

    /** The cache of the run {@code right} with its values changed, and moved on by some pairs. */
    private Path cacheOf(String name, Change change, int moved) {
        ReferenceFile right = ReferenceFile.read(onlyFile(temp.resolve("reference-cache")));
        Path folder = temp.resolve(name);
        int pairs = right.pairs();
        int[] widths = new int[pairs];
        Arrays.fill(widths, 2);
        try (ReferenceCache cache = ReferenceCache.open(folder, right.key(), widths, line -> {})) {
            for (int pair = 0; pair < pairs; pair++) {
                cache.put(new int[] {pair}, change.of(right.values().get((pair + moved) % pairs)));
            }
        }
        return folder;
    }

    private static Path onlyFile(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On the first 200 of the demo's pairs, an epoch of 25 steps. */
    private void demo(String output, String... overrides) {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("data.train=" + firstLines("train.jsonl", 200));
        all.add("data.eval=" + firstLines("eval.jsonl", 20));
        all.add("train.batch_pairs=8");
        all.add("train.eval_every=10");
        all.add("eval.generate.examples=1");
        all.add("eval.generate.max_new_tokens=2");
        run(DEMO, output, all.toArray(String[]::new));
    }

    private Path firstLines(String name, int count) {
        Path some = temp.resolve(name);
        try (Stream<String> lines = Files.lines(Path.of("examples/demo/data").resolve(name))) {
            return Files.write(some, lines.limit(count).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Path config, String output, String... overrides) {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("output=" + temp.resolve(output));
        JobOutput streams = new JobOutput(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                ProgressLine.Style.PLAIN);
        TrainJob.run(ConfigLoader.load(config, all), streams, new StopSignal());
    }

    private List<String> names(String output) {
        return remarks(output).stream()
                .map(line -> line.get("step").asText() + " " + line.get("name").asText())
                .toList();
    }

    private List<JsonNode> remarks(String output) {
        List<JsonNode> remarks = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(temp.resolve(output).resolve("remarks.jsonl"))) {
                remarks.add(new ObjectMapper().readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return remarks;
    }

    private static boolean isWarning(JsonNode remark) {
        return remark.get("severity").asText().equals("WARNING");
    }
}

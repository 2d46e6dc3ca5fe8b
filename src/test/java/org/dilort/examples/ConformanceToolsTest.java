package org.dilort.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs behind {@code conformance/big.sh}, on a small model. */
class ConformanceToolsTest {
    private static final Path TOOLS = Path.of("conformance");
    private static final Path CONFIG = Path.of("examples/demo/model/config.json");

    @TempDir
    private Path folder;

    /** 275 x 128 embeddings, 4 layers of 2 gains, 4 attention and 3 feed-forward matrices, a last gain: 822,784. */
    @Test
    void generatedCheckpointIsAModelInShardsAndAlwaysTheSame() throws IOException, InterruptedException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        for (Path out : List.of(first, second)) {
            assertThat(run("MakeCheckpoint", CONFIG.toString(), "BF16", "1", out.toString()))
                    .isEqualTo("822784 parameters in " + out);
        }
        CausalLm model = Architectures.read(first);
        try (SafetensorsFolder weights = SafetensorsFolder.open(first)) {
            InitialWeights.check(model, weights);
            InitialWeights.requireFinite(model, weights);
            assertThat(weights.tensors().values()).extracting(TensorInfo::type).containsOnly(WeightType.BF16);
            assertThat(weights.shardPlan().files().values().stream().distinct())
                    .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
            assertThat(weights.toArray("model.norm.weight")).containsOnly(1);
            double bound = Math.sqrt(3) * model.initializerRange();
            float[] embedding = weights.toArray("model.embed_tokens.weight");
            for (float weight : embedding) {
                assertThat(Math.abs(weight)).isLessThanOrEqualTo((float) (1.004 * bound)); // half a unit of bfloat16
            }
            assertThat(embedding[0]).isNotEqualTo(embedding[1]);
        }
        assertSameFiles(first, second);
    }

    @Test
    void deliveryGivesTheWeightsBack() throws IOException, InterruptedException {
        Path model = folder.resolve("model");
        run("MakeCheckpoint", CONFIG.toString(), "F16", "1000", model.toString());
        TrainingArtifacts artifacts = new TrainingArtifacts(Files.createDirectory(folder.resolve("artifacts")));
        try (SafetensorsFolder weights = SafetensorsFolder.open(model)) {
            artifacts.writeCheckpoint(
                    Architectures.read(model),
                    new AdamW(0.9, 0.999, 1e-8, 0, 1),
                    new InitialWeights.Pretrained(weights));
        }
        Path out = folder.resolve("out");

        assertThat(run("Deliver", model.toString(), artifacts.checkpoint().toString(), out.toString()))
                .isEmpty();
        assertSameFiles(model, out.resolve("hf"));
        assertThat(out.resolve("export/onnx/model.onnx")).exists();
    }

    @Test
    void wrongArgumentsEndInOneLine() throws IOException, InterruptedException {
        assertThat(run("MakeCheckpoint")).startsWith("exit code 2: usage: java -cp ");
        assertThat(run(
                        "MakeCheckpoint",
                        CONFIG.toString(),
                        "BF17",
                        "1",
                        folder.resolve("x").toString()))
                .startsWith("exit code 2: ")
                .contains("BF17");
        assertThat(run("Deliver", "a", "b")).startsWith("exit code 2: usage: java -cp ");
        assertThat(run("Deliver", "a", "b", "c")).isEqualTo("exit code 2: no such file: b");
    }

    private static void assertSameFiles(Path expected, Path actual) throws IOException {
        try (Stream<Path> files = Files.list(expected)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(actual.resolve(file.getFileName())).hasSameBinaryContentAs(file));
        }
    }

    /** What a tool prints, with its exit code where that is not 0. */
    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(TOOLS.resolve(tool + ".java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.waitFor();
        return exitCode == 0 ? output : "exit code " + exitCode + ": " + output;
    }
}

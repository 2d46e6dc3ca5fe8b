package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.files.DurableFiles;
import org.dilort.importer.ImportedModel;
import org.dilort.importer.LlamaDrafts;
import org.dilort.importer.OnnxWeights;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder of somebody else's as the policy: its artifacts, its training, and the file that comes out. */
class OnnxEndToEndTest {
    private static final Path ORIGINAL = Path.of("src/test/resources/golden/tiny-" + LlamaDrafts.GOLDEN);

    @TempDir
    private Path temp;

    private Path draft(String kind) {
        Path file = temp.resolve("decoder.onnx");
        return kind.equals("fused")
                ? LlamaDrafts.fused(file, LlamaDrafts.Rotary.BEFORE_ATTENTION)
                : LlamaDrafts.traced(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fused", "traced"})
    void trainsAsTheModelThatItCameFrom(String kind) {
        EndToEndRun.assertSucceeded(train("original", "model.path=" + ORIGINAL));
        CommandLineRun run = train("out", "model.path=" + draft(kind));

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .contains("export checked: 24 sequences within ")
                .contains("aligned model: " + temp.resolve("out/export/decoder.onnx"));
        assertThat(RunFiles.names(temp.resolve("out"))).contains("export").doesNotContain("hf");
        List<JsonNode> steps = new RunFiles(temp.resolve("out")).steps();
        List<JsonNode> expected = new RunFiles(temp.resolve("original")).steps();
        assertThat(steps).hasSameSizeAs(expected);
        for (int i = 0; i < steps.size(); i++) {
            for (String metric : List.of("loss", "grad_norm", "logps/chosen", "rewards/rejected")) {
                double value = expected.get(i).get(metric).asDouble();
                assertThat(steps.get(i).get(metric).asDouble())
                        .as("%s of step %d", metric, i + 1)
                        .isCloseTo(value, within(2e-4 * Math.max(1, Math.abs(value))));
            }
        }
    }

    @Test
    void whatComesOutIsTrainedOnAndResumed() throws IOException {
        EndToEndRun.assertSucceeded(train("whole", "model.path=" + draft("fused"), "train.save_every=3"));
        Path written = temp.resolve("whole/export/decoder.onnx");
        ImportedModel model = ImportedModel.read(written);
        try (OnnxWeights before = ImportedModel.read(draft("fused")).openWeights();
                OnnxWeights after = model.openWeights()) {
            assertThat(after.names()).containsExactlyElementsOf(before.names());
            assertThat(after.toArray("model.embed_tokens.weight"))
                    .isNotEqualTo(before.toArray("model.embed_tokens.weight"));
        }

        DurableFiles.deleteTree(temp.resolve("whole/checkpoints/step-00000006"));
        byte[] data = Files.readAllBytes(written.resolveSibling("decoder.onnx_data"));
        EndToEndRun.assertSucceeded(
                train("whole", "model.path=" + draft("fused"), "train.save_every=3", "train.resume=true"));
        assertThat(Files.readAllBytes(written.resolveSibling("decoder.onnx_data")))
                .isEqualTo(data);

        EndToEndRun.assertSucceeded(train("again", "model.path=" + written, "train.max_steps=2"));
    }

    @Test
    void adaptersGoBesideItsLinearLayers() {
        String path = "model.path=" + draft("fused");
        CommandLineRun run = train("out", path, "model.lora.rank=4", "model.lora.targets=[q_proj.MatMul]");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("adapter: ").contains("export checked: 24 sequences within ");
        try (OnnxWeights before = ImportedModel.read(draft("fused")).openWeights();
                OnnxWeights after = ImportedModel.read(temp.resolve("out/export/decoder.onnx"))
                        .openWeights()) {
            for (String name : before.names()) {
                boolean adapted = name.contains("q_proj");
                assertThat(Arrays.equals(before.toArray(name), after.toArray(name)))
                        .as(name)
                        .isNotEqualTo(adapted);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "stock"})
    void artifactsAreMadeOfIt(String layout) {
        CommandLineRun run = artifacts(draft("traced"), layout);

        EndToEndRun.assertSucceeded(run);
        assertThat(temp.resolve("artifacts/training_model.onnx")).exists();
        assertThat(temp.resolve("artifacts/checkpoint")).exists();
    }

    private CommandLineRun artifacts(Path model, String layout) {
        List<String> arguments = new ArrayList<>(List.of(
                "artifacts",
                "--config",
                RunFiles.TINY.toString(),
                "--set",
                "output=unused",
                "--onnx",
                model.toString(),
                "--out",
                temp.resolve("artifacts").toString()));
        if (layout.equals("stock")) {
            arguments.add("--stock");
        }
        return EndToEndRun.of(arguments);
    }

    @Test
    void plansAndLooksAtData() {
        for (String command : List.of("plan", "validate")) {
            CommandLineRun run = EndToEndRun.of(List.of(
                    command,
                    "--config",
                    RunFiles.TINY.toString(),
                    "--set",
                    "output=" + temp.resolve("out"),
                    "--set",
                    "model.path=" + draft("traced")));
            EndToEndRun.assertSucceeded(run);
        }
    }

    private CommandLineRun train(String output, String... overrides) {
        return EndToEndRun.train(temp.resolve(output), overrides);
    }
}

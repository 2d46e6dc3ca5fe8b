package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.job.RunFiles;
import org.dilort.model.Architectures;
import org.dilort.model.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dil-ort plan}: what it says beforehand, held against what a run leaves. */
class PlanEndToEndTest {
    private static final Path TIED = Path.of("src/test/resources/golden/tiny-llama_gqa_tied");

    @TempDir
    private Path temp;

    private JsonNode plan(String... overrides) throws IOException {
        CommandLineRun run = run("--json", overrides);
        EndToEndRun.assertSucceeded(run);
        return new ObjectMapper().readTree(run.out());
    }

    private CommandLineRun run(String form, String... overrides) {
        List<String> arguments = new ArrayList<>(List.of("plan", "--config", RunFiles.TINY.toString()));
        Stream.concat(Stream.of("output=" + temp.resolve("out")), Stream.of(overrides))
                .forEach(override -> arguments.addAll(List.of("--set", override)));
        if (!form.isEmpty()) {
            arguments.add(form);
        }
        return EndToEndRun.of(arguments);
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void saysWhatARunThenTakes() throws IOException {
        JsonNode plan = plan();
        EndToEndRun.assertSucceeded(EndToEndRun.train(temp.resolve("out")));

        RunFiles files = new RunFiles(temp.resolve("out"));
        assertThat(plan.get("steps").asInt()).isEqualTo(files.steps().size());
        long trained = plan.get("trained_parameters").asLong();
        assertThat(trained)
                .isEqualTo(Architectures.read(TIED).parameters().stream()
                        .mapToLong(Parameter::elements)
                        .sum());
        assertThat(plan.get("frozen_parameters").asLong()).isZero();
        assertThat(plan.at("/memory_bytes/optimizer_state").asLong()).isEqualTo(2 * 4 * trained);
        for (String[] file : new String[][] {
            {"start", "artifacts/checkpoint.data"}, {"checkpoint", "checkpoints/step-00000006/checkpoint.data"}
        }) {
            assertThat(plan.at("/disk_bytes/" + file[0]).asLong())
                    .as(file[0])
                    .isCloseTo(temp.resolve("out").resolve(file[1]).toFile().length(), within(4096L));
        }
        double delivered = bytes(temp.resolve("out/hf")) + bytes(temp.resolve("out/export"));
        assertThat((double) plan.at("/disk_bytes/delivered").asLong()).isCloseTo(delivered, within(0.5 * (1 << 20)));
    }

    /** Rank 2 of one projection of 48 in and 48 out in every layer: 2 * (48 + 48) numbers each. */
    @Test
    void adaptersTrainLittleAndTheBaseStaysInItsFile() throws IOException {
        JsonNode plan = plan("model.lora.rank=2", "model.lora.targets=[q_proj]", "model.path=" + TIED);

        int layers = Architectures.read(TIED).size().layers();
        assertThat(plan.get("trained_parameters").asInt()).isEqualTo(layers * 2 * (48 + 48));
        assertThat(plan.at("/memory_bytes/frozen_weights").asLong())
                .isCloseTo(TIED.resolve("model.safetensors").toFile().length(), within(8192L));
        assertThat(plan.at("/memory_bytes/gradients").asInt()).isEqualTo(4 * layers * 2 * (48 + 48));
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int4"})
    void aBaseInFewBitsIsAFileOfItsOwn(String quantize) throws IOException {
        String[] lora = {"model.lora.rank=2", "model.path=" + TIED, "model.lora.quantize=" + quantize};
        JsonNode plan = plan(lora);
        EndToEndRun.assertSucceeded(EndToEndRun.train(temp.resolve("out"), lora));

        Path artifacts = temp.resolve("out/artifacts");
        long made = Files.size(artifacts.resolve("base-" + quantize.substring(3) + "bit.safetensors"))
                + Files.size(artifacts.resolve("checkpoint.data"));
        assertThat(plan.at("/disk_bytes/start").asLong()).isCloseTo(made, within(16384L));
        assertThat(plan.at("/memory_bytes/frozen_weights").asLong())
                .isLessThan(plan(lora[0], lora[1])
                        .at("/memory_bytes/frozen_weights")
                        .asLong());
    }

    @Test
    void blocksThatAreComputedAgainTakeLess() throws IOException {
        long kept = plan().at("/memory_bytes/activations").asLong();
        long again =
                plan("train.recompute=blocks").at("/memory_bytes/activations").asLong();
        assertThat(again).isPositive().isLessThan(kept);
    }

    @Test
    void whatThisMachineDoesNotHaveIsAWarning() {
        CommandLineRun run = run("", "train.micro_batch_tokens=100000000", "device=cpu");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .startsWith("model: llama, ")
                .contains("\nwarning: memory: ")
                .contains("smaller: train.recompute: blocks, less train.micro_batch_tokens, model.lora\n");
    }

    @Test
    void mistakesAreThoseOfTraining() {
        CommandLineRun run = run("", "data.train=" + temp.resolve("none.jsonl"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(run.err()).startsWith("dil-ort: ").contains("none.jsonl").hasLineCount(1);
    }

    @Test
    void adaptersOfRandomWeightsAreRefusedAsTrainingDoes() {
        CommandLineRun run = run("", "model.init=random", "model.lora.rank=2");
        assertThat(run)
                .isEqualTo(new CommandLineRun(
                        ExitCode.WRONG_INPUT,
                        "",
                        "dil-ort: model.init: got random with model.lora, expected pretrained: adapters leave the weights"
                                + " as they are\n"));
    }

    @Test
    void nothingIsWritten() throws IOException {
        plan();
        assertThat(temp.resolve("out")).doesNotExist();
    }
}

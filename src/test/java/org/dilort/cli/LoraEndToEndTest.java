package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dilort.files.DurableFiles;
import org.dilort.job.RunFiles;
import org.dilort.testing.RandomModelFolder;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dil-ort train} with adapters: what is trained, what is delivered, and where a run may begin. */
class LoraEndToEndTest {
    private static final Path BASE = Path.of("src/test/resources/golden/tiny-llama_gqa_tied");
    private static final String RANK = "model.lora.rank=4";

    @TempDir
    private Path temp;

    @Test
    void theDemoConfigurationTrains() {
        CommandLineRun run = EndToEndRun.of(List.of(
                "train",
                "--config",
                "configs/lora.yaml",
                "--set",
                "train.max_steps=2",
                "--set",
                "output=" + temp.resolve("out")));

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .contains("adapter: " + temp.resolve("out/adapter"))
                .contains("export checked: 32 sequences within ")
                .contains("greedy answers right");
        assertThat(temp.resolve("out/adapter/adapter_model.safetensors")).exists();
    }

    @Test
    void onlyAdaptedLayersAndWholeModulesDifferInWhatIsDelivered() {
        EndToEndRun.assertSucceeded(train(
                "out", RANK, "model.lora.targets=[q_proj, down_proj]", "model.lora.modules_to_save=input_layernorm"));

        assertThat(RunFiles.names(temp.resolve("out"))).contains("adapter", "hf", "export");
        assertThat(changed(BASE, temp.resolve("out/hf")))
                .containsExactly(
                        "model.layers.0.input_layernorm.weight",
                        "model.layers.0.mlp.down_proj.weight",
                        "model.layers.0.self_attn.q_proj.weight",
                        "model.layers.1.input_layernorm.weight",
                        "model.layers.1.mlp.down_proj.weight",
                        "model.layers.1.self_attn.q_proj.weight");
    }

    /** Names of the weights that differ between two folders. */
    private static Set<String> changed(Path before, Path after) {
        Set<String> names = new TreeSet<>();
        try (SafetensorsFolder old = SafetensorsFolder.open(before);
                SafetensorsFolder now = SafetensorsFolder.open(after)) {
            assertThat(now.names()).containsExactlyElementsOf(old.names());
            old.names().stream()
                    .filter(name -> !Arrays.equals(old.toArray(name), now.toArray(name)))
                    .forEach(names::add);
        }
        return names;
    }

    @Test
    void aCheckpointHoldsWhatIsTrainedAndNothingElse() throws IOException {
        EndToEndRun.assertSucceeded(train("out", RANK, "model.lora.targets=q_proj"));

        Path state = temp.resolve("out/checkpoints/step-00000006/checkpoint.data");
        long parameters = 2 * (4 * 48 + 48 * 4); // A and B of two layers, with gradient and two moments each
        assertThat(Files.size(state)).isLessThan(2 * 4 * 4 * parameters);
        JsonNode manifest = new ObjectMapper()
                .readTree(temp.resolve("out/artifacts/manifest.json").toFile());
        assertThat(manifest.at("/model/parameters").asLong()).isEqualTo(parameters);
        assertThat(manifest.at("/model/constants").asText())
                .isEqualTo(BASE.toRealPath().toString());
    }

    @Test
    void withoutMergeOnlyTheAdapterIsDelivered() {
        CommandLineRun run = train("out", RANK, "model.lora.merge=false");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .contains("adapter: " + temp.resolve("out/adapter"))
                .doesNotContain("export");
        assertThat(RunFiles.names(temp.resolve("out"))).contains("adapter").doesNotContain("hf", "export");
    }

    /** The initial policy of fresh adapters is the base: its log-probabilities serve full fine-tuning too. */
    @Test
    void theReferenceIsTheBaseWithItsAdaptersOff() {
        EndToEndRun.assertSucceeded(train("full", "train.max_steps=1"));
        CommandLineRun run = train("out", RANK, "model.lora.dora=true", "train.max_steps=1");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("reference log-probabilities of data.train: from the cache in ");
        assertThat(step("out").get("rewards/chosen").asDouble()).isCloseTo(0, within(1e-4));
        assertThat(step("out").get("logps/chosen").asDouble())
                .isCloseTo(step("full").get("logps/chosen").asDouble(), within(1e-4));
    }

    @Test
    void goesOnFromAnAdapterFolderWithItsModelAsTheReference() {
        EndToEndRun.assertSucceeded(train(
                "first", RANK, "train.learning_rate=1e-2", "model.lora.modules_to_save=norm", "model.lora.dora=true"));
        String adapter = "model.lora.adapter=" + temp.resolve("first/adapter");
        CommandLineRun run = train("second", adapter, "train.max_steps=1");
        EndToEndRun.assertSucceeded(run);
        EndToEndRun.assertSucceeded(train("merged", "train.max_steps=1", "model.path=" + temp.resolve("first/hf")));

        assertThat(run.out()).contains("computing 12 of 12 pairs");
        assertThat(step("second").get("loss").asDouble()).isCloseTo(-0.5, within(1e-5));
        assertThat(step("second").get("logps/chosen").asDouble())
                .isCloseTo(step("merged").get("logps/chosen").asDouble(), within(1e-4));
        assertThat(changed(temp.resolve("first/hf"), temp.resolve("second/hf"))).contains("model.norm.weight");

        EndToEndRun.assertSucceeded(train("against-base", adapter, "train.max_steps=1", "reference.path=" + BASE));
        assertThat(step("against-base").get("rewards/chosen").asDouble()).isNotCloseTo(0, within(1e-2));
        assertThat(step("against-base").get("logps/chosen").asDouble())
                .isEqualTo(step("second").get("logps/chosen").asDouble());
    }

    @Test
    void aShardedBaseOf16BitsStaysAsItIsStored() throws IOException {
        Path model = temp.resolve("model");
        RandomModelFolder.write(BASE.resolve("config.json"), model, WeightType.BF16, 20_000);
        EndToEndRun.assertSucceeded(train(
                "out",
                "model.path=" + model,
                RANK,
                "model.lora.targets=v_proj",
                "data.eval=src/test/resources/job/held-out.jsonl",
                "train.eval_every=3"));

        Path hf = temp.resolve("out/hf");
        assertThat(RunFiles.names(hf).stream().filter(name -> name.endsWith(".safetensors")))
                .hasSizeGreaterThan(3);
        try (SafetensorsFolder merged = SafetensorsFolder.open(hf)) {
            assertThat(merged.tensors().values()).extracting(TensorInfo::type).containsOnly(WeightType.BF16);
        }
        assertThat(changed(model, hf))
                .isSubsetOf("model.layers.0.self_attn.v_proj.weight", "model.layers.1.self_attn.v_proj.weight");
        assertThat(new RunFiles(temp.resolve("out")).evaluations()).hasSize(2);
    }

    /** What is delivered is what was trained: the numbers that the codes stand for, with the adapters merged. */
    @ParameterizedTest
    @ValueSource(strings = {"int8", "int4"})
    void aBaseInFewBitsTrainsResumesAndIsDelivered(String quantize) throws IOException {
        String few = "model.lora.quantize=" + quantize;
        String dora = "model.lora.dora=true";
        CommandLineRun run = train("out", RANK, few, dora);

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("computing 12 of 12 pairs").contains("export checked: ");
        assertThat(step("out").get("rewards/chosen").asDouble()).isCloseTo(0, within(1e-4));
        assertThat(changed(BASE, temp.resolve("out/hf")))
                .hasSize(14)
                .allMatch(name -> name.contains("mlp") || name.contains("self_attn"));

        EndToEndRun.assertSucceeded(train("half", RANK, few, dora, "train.max_steps=6", "train.save_every=3"));
        DurableFiles.deleteTree(temp.resolve("half/checkpoints/step-00000006"));
        EndToEndRun.assertSucceeded(
                train("half", RANK, few, dora, "train.max_steps=6", "train.save_every=3", "train.resume=true"));
        assertThat(changed(temp.resolve("half/hf"), temp.resolve("out/hf"))).isEmpty();

        CommandLineRun other = train("half", RANK, dora, "train.max_steps=6", "train.resume=true");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("model.lora.quantize");
    }

    /** Training starts from what rounding leaves of the model, and that is near the model. */
    @Test
    void fewerBitsAreFurtherFromTheModel() {
        EndToEndRun.assertSucceeded(train("wide", RANK, "train.max_steps=1"));
        EndToEndRun.assertSucceeded(train("int8", RANK, "train.max_steps=1", "model.lora.quantize=int8"));
        EndToEndRun.assertSucceeded(train("int4", RANK, "train.max_steps=1", "model.lora.quantize=int4"));

        double wide = step("wide").get("logps/chosen").asDouble();
        double eight = Math.abs(step("int8").get("logps/chosen").asDouble() - wide);
        double four = Math.abs(step("int4").get("logps/chosen").asDouble() - wide);
        assertThat(eight).isBetween(1e-6, 0.05);
        assertThat(four).isBetween(eight, 2.0);
    }

    @Test
    void artifactsTellWhereTheirConstantsAre() throws IOException {
        for (String layout : List.of("own", "stock")) {
            Path folder = temp.resolve(layout);
            List<String> arguments = new ArrayList<>(List.of(
                    "artifacts",
                    "--config",
                    RunFiles.TINY.toString(),
                    "--set",
                    "output=unused",
                    "--set",
                    RANK,
                    "--out",
                    folder.toString()));
            if (layout.equals("stock")) {
                arguments.add("--stock");
            }
            EndToEndRun.assertSucceeded(EndToEndRun.of(arguments));
            assertThat(Files.readString(folder.resolve("manifest.json")))
                    .contains(BASE.toRealPath().toString());
            assertThat(folder.resolve("checkpoint")).exists();
        }
    }

    private CommandLineRun train(String output, String... overrides) {
        return EndToEndRun.train(temp.resolve(output), overrides);
    }

    private JsonNode step(String output) {
        return new RunFiles(temp.resolve(output)).steps().get(0);
    }
}

package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.dilort.error.FormatException;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.CausalLm;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFile;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapter folders, read: PEFT's own, and broken ones. */
class PeftAdapterTest {
    private static final CausalLm TIED = GoldenModel.load("llama_gqa_tied").model();
    private static final CausalLm UNTIED = GoldenModel.load("llama_gqa_untied").model();
    private static final String PREFIX = "base_model.model.model.layers.0.self_attn.q_proj.lora_";

    @TempDir
    private Path folder;

    @BeforeEach
    void copyOneThatIsRight() throws IOException {
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(GoldenAdapter.folder("lora").resolve(file), folder.resolve(file));
        }
    }

    private static Adapters read(Path path, CausalLm base) {
        try (PeftAdapter adapter = PeftAdapter.open(path)) {
            return adapter.adaptersOf(base);
        }
    }

    @Test
    void readsAListOfTargets() {
        Adapters adapters = read(folder, TIED);
        assertThat(adapters.settings()).isEqualTo(new LoraSettings(4, 8, Scaling.BY_RANK, Kind.LORA));
        assertThat(adapters)
                .isEqualTo(Adapters.choose(
                        TIED, adapters.settings(), List.of("q_proj", "v_proj", "down_proj"), List.of()));
    }

    @Test
    void readsWholeModulesAsTheyWereSaved() {
        Adapters adapters = read(GoldenAdapter.folder("rslora"), UNTIED);
        assertThat(adapters.settings()).isEqualTo(new LoraSettings(3, 6, Scaling.BY_ROOT_OF_RANK, Kind.LORA));
        assertThat(adapters.byModule()).hasSize(14);
        assertThat(adapters.whole())
                .containsExactlyInAnyOrder(
                        "lm_head.weight",
                        "model.norm.weight",
                        "model.layers.0.input_layernorm.weight",
                        "model.layers.0.post_attention_layernorm.weight",
                        "model.layers.1.input_layernorm.weight",
                        "model.layers.1.post_attention_layernorm.weight");
    }

    @Test
    void readsMagnitudesAndTargetsGivenAsAPattern() {
        Adapters adapters = read(GoldenAdapter.folder("dora"), TIED);
        assertThat(adapters.settings()).isEqualTo(new LoraSettings(2, 4, Scaling.BY_RANK, Kind.DORA));
        assertThat(adapters.byModule()).hasSize(14);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "peft_type|\"IA3\"|peft_type: got \"IA3\", expected \"LORA\"",
                "bias|\"all\"|bias: got \"all\", expected \"none\"",
                "r|0|r: got 0, expected a whole number >= 1",
                "r|null|r: got null, expected a whole number >= 1",
                "lora_alpha|-1|lora_alpha: got -1, expected a number > 0",
                "use_dora|\"yes\"|use_dora: got \"yes\", expected true or false",
                "rank_pattern|{\"q_proj\": 2}|rank_pattern: got {\"q_proj\":2}, expected none of it",
                "alpha_pattern|{\"q_proj\": 2}|alpha_pattern: got {\"q_proj\":2}, expected none of it",
                "lora_bias|true|lora_bias: got true, expected none of it",
                "init_lora_weights|\"pissa\"|init_lora_weights: got \"pissa\", expected a way to begin that does not",
            })
    void refusesSettingsThatItDoesNotKnow(String key, String value, String message) throws IOException {
        changeConfig(config -> set(config, key, value));
        assertThatThrownBy(() -> PeftAdapter.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("adapter_config.json");
    }

    @Test
    void refusesAFolderWithoutItsFiles() throws IOException {
        Files.move(folder.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.bin"));
        assertThatThrownBy(() -> PeftAdapter.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder + ": no adapter_model.safetensors; adapter_model.bin is not read, save it as"
                        + " safetensors");
        Files.writeString(folder.resolve("adapter_config.json"), "{");
        assertThatThrownBy(() -> PeftAdapter.open(folder)).hasMessageContaining("adapter_config.json: not JSON");
        Files.delete(folder.resolve("adapter_config.json"));
        assertThatThrownBy(() -> PeftAdapter.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder + ": no adapter_config.json, expected the folder of a PEFT adapter");
    }

    @Test
    void refusesAnotherRankThanTheSettingsHave() throws IOException {
        changeConfig(config -> config.put("r", 8));
        assertRefused("model.layers.0.self_attn.q_proj.lora_A.weight: shape [4, 48], expected [8, 48]");
    }

    @Test
    void refusesAnAdapterOfAnotherModel() {
        assertThatThrownBy(() -> read(GoldenAdapter.folder("rslora"), TIED))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("lm_head.weight: the model has no such weight");
    }

    @Test
    void refusesAMissingTensor() throws IOException {
        rewrite(tensors -> tensors.remove(PREFIX + "B.weight"));
        assertRefused("model.layers.0.self_attn.q_proj.lora_B.weight: no such tensor among 11; the nearest name is"
                + " model.layers.");
        rewrite(tensors -> tensors.remove(PREFIX + "A.weight"));
        assertRefused("model.layers.0.self_attn.q_proj.lora_A.weight: no such tensor among 10");
    }

    @Test
    void refusesTensorsThatTheModelHasNoPlaceFor() throws IOException {
        rewrite(tensors -> tensors.put("base_model.model.model.layers.0.self_attn.q_prj.lora_A.weight", "4,48"));
        assertRefused("model.layers.0.self_attn.q_prj.lora_A.weight: the model has no such linear layer in its blocks;"
                + " the nearest is model.layers.0.self_attn.q_proj");
        copyAgain();
        rewrite(tensors -> tensors.put("base_model.model.model.nrm.weight", "48"));
        assertRefused("model.nrm.weight: the model has no such weight; the nearest is model.norm.weight");
        copyAgain();
        rewrite(tensors -> tensors.put(PREFIX + "magnitude_vector", "48"));
        assertRefused("model.layers.0.self_attn.q_proj.lora_magnitude_vector: its settings have no such tensor");
        copyAgain();
        rewrite(tensors -> tensors.put("transformer.x", "48"));
        assertRefused("transformer.x: expected a name that begins with base_model.model.");
    }

    @Test
    void refusesAFileWithoutAdapters() throws IOException {
        changeConfig(config -> set(config, "target_modules", "\".*\""));
        rewrite(tensors -> {
            tensors.clear();
            tensors.put("base_model.model.model.norm.weight", "48");
        });
        assertThatThrownBy(() -> read(folder, TIED))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder + ": no adapter of any layer");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> read(folder, TIED))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("(" + folder)
                .hasMessageNotContaining("\n");
    }

    private void copyAgain() throws IOException {
        Files.delete(folder.resolve("adapter_config.json"));
        Files.delete(folder.resolve("adapter_model.safetensors"));
        copyOneThatIsRight();
    }

    private void changeConfig(Consumer<ObjectNode> change) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Path file = folder.resolve("adapter_config.json");
        ObjectNode config = (ObjectNode) json.readTree(file.toFile());
        change.accept(config);
        json.writeValue(file.toFile(), config);
    }

    private static void set(ObjectNode config, String key, String value) {
        try {
            config.set(key, new ObjectMapper().readTree(value));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the file again, zeros under the names and shapes that {@code change} leaves. */
    private void rewrite(Consumer<Map<String, String>> change) throws IOException {
        Path file = folder.resolve("adapter_model.safetensors");
        Map<String, String> tensors = new TreeMap<>();
        try (SafetensorsFile old = SafetensorsFile.open(file)) {
            old.tensors()
                    .values()
                    .forEach(tensor -> tensors.put(
                            tensor.name(),
                            String.join(
                                    ",",
                                    tensor.shape().stream().map(String::valueOf).toList())));
        }
        change.accept(tensors);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        tensors.forEach((name, dimensions) -> {
            List<Long> shape =
                    List.of(dimensions.split(",")).stream().map(Long::valueOf).toList();
            float[] zeros = new float[(int) WeightType.elements(shape)];
            writer.add(name, WeightType.F32, shape, FloatSource.of(zeros));
        });
        Files.delete(file);
        writer.write(file);
    }
}

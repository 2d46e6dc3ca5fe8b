package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dilort.artifacts.InitialWeights;
import org.dilort.lora.AdaptedModel;
import org.dilort.lora.Adapters;
import org.dilort.lora.LoraSettings;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.lora.PeftAdapter;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFile;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read back the same, and PEFT's own folders come back as they were. */
class AdapterFolderTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    private Path folder;

    private static AdaptedModel adapted(CausalLm base, Adapters adapters) {
        return new AdaptedModel(base, adapters, (graph, parameter) -> {
            throw new AssertionError("no graph here");
        });
    }

    @ParameterizedTest
    @CsvSource({"lora, llama_gqa_tied", "rslora, llama_gqa_untied", "dora, llama_gqa_tied"})
    void aFolderOfPeftComesBackTensorByTensor(String name, String base) {
        CausalLm model = GoldenModel.load(base).model();
        Path written = folder.resolve("adapter");
        try (PeftAdapter original = PeftAdapter.open(GOLDEN.resolve("adapter-" + name))) {
            Adapters adapters = original.adaptersOf(model);
            AdapterFolder.write(adapted(model, adapters), Path.of("models/base"), original, written);
            try (PeftAdapter back = PeftAdapter.open(written)) {
                assertThat(back.adaptersOf(model)).isEqualTo(adapters);
                assertThat(back.names()).containsExactlyInAnyOrderElementsOf(original.names());
                original.names()
                        .forEach(tensor ->
                                assertThat(back.toArray(tensor)).as(tensor).isEqualTo(original.toArray(tensor)));
            }
        }
    }

    @Test
    void namesTargetsByTheirEndsWhereTheseMeanNoOtherLayer() throws IOException {
        GoldenModel base = GoldenModel.load("llama_gqa_untied");
        assertThat(settings(base, List.of("v_proj", "q_proj"), List.of()).get("target_modules"))
                .hasToString("[\"q_proj\",\"v_proj\"]");
        assertThat(settings(base, List.of("layers.0.mlp.up_proj"), List.of()).get("target_modules"))
                .hasToString("[\"model.layers.0.mlp.up_proj\"]");
        JsonNode json = settings(base, List.of("q_proj"), List.of("layers.1.self_attn.q_proj", "lm_head"));
        assertThat(json.get("target_modules")).hasToString("[\"q_proj\"]");
        assertThat(json.get("modules_to_save")).hasToString("[\"model.layers.1.self_attn.q_proj\",\"lm_head\"]");
        assertThat(json.get("base_model_name_or_path").asText()).isEqualTo("models/base");
        assertThat(json.get("lora_alpha")).hasToString("3");
    }

    /** PEFT does not tie what it saves whole: it wants the table under both names. */
    @Test
    void aTiedEmbeddingIsSavedUnderTheHeadsNameToo() throws IOException {
        GoldenModel base = GoldenModel.load("llama_gqa_tied");
        assertThat(settings(base, List.of(), List.of("embed_tokens")).get("modules_to_save"))
                .hasToString("[\"model.embed_tokens\",\"lm_head\"]");
        try (PeftAdapter back = PeftAdapter.open(folder.resolve("adapter"))) {
            assertThat(back.toArray("lm_head.weight")).isEqualTo(back.toArray("model.embed_tokens.weight"));
            assertThat(back.adaptersOf(base.model()).whole()).containsExactly("model.embed_tokens.weight");
        }
    }

    /** The settings of a folder with adapters as they begin. */
    private JsonNode settings(GoldenModel base, List<String> targets, List<String> whole) throws IOException {
        LoraSettings settings = new LoraSettings(2, 3, Scaling.BY_RANK, Kind.LORA);
        Adapters adapters = Adapters.choose(base.model(), settings, targets, whole);
        AdaptedModel model = adapted(base.model(), adapters);
        Path state = folder.resolve("state.safetensors");
        try (SafetensorsFolder weights = SafetensorsFolder.open(base.folder())) {
            InitialWeights beginning = new InitialWeights.NewAdapters(adapters, weights, 1);
            SafetensorsWriter writer = new SafetensorsWriter(Map.of());
            for (Parameter parameter : model.parameters()) {
                List<Long> shape =
                        LongStream.of(parameter.shape().toArray()).boxed().toList();
                writer.add(parameter.name(), WeightType.F32, shape, beginning.of(model, parameter));
            }
            writer.write(state);
        }
        try (SafetensorsFile trained = SafetensorsFile.open(state)) {
            AdapterFolder.write(model, Path.of("models/base"), trained, folder.resolve("adapter"));
        }
        return new ObjectMapper()
                .readTree(folder.resolve("adapter/adapter_config.json").toFile());
    }
}

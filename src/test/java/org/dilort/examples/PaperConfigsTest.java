package org.dilort.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.job.PlanJob;
import org.dilort.job.RunPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The paper's runs: complete, and planned for models of the same shapes, of which a test has nothing but {@code config.json}. */
class PaperConfigsTest {
    private static final Path FOLDER = Path.of("configs/paper");

    /** Parameters of the published checkpoints, from which every matrix follows: see {@link #parametersFollowFromTheShape}. */
    private static final Map<String, Long> PARAMETERS = Map.of(
            "ultrafeedback-mistral-7b-lsif.yaml", 7_241_732_096L,
            "ultrafeedback-llama-3-8b-lsif.yaml", 8_030_261_248L,
            "tldr-pythia-2.8b-lsif.yaml", 2_775_208_960L,
            "hh-pythia-2.8b-lsif.yaml", 2_775_208_960L);

    private static final Map<String, Object> MISTRAL = Map.ofEntries(
            Map.entry("model_type", "mistral"),
            Map.entry("hidden_size", 4096),
            Map.entry("intermediate_size", 14336),
            Map.entry("num_hidden_layers", 32),
            Map.entry("num_attention_heads", 32),
            Map.entry("num_key_value_heads", 8),
            Map.entry("vocab_size", 32000),
            Map.entry("max_position_embeddings", 32768),
            Map.entry("sliding_window", 4096),
            Map.entry("rope_theta", 10000.0),
            Map.entry("rms_norm_eps", 1e-5),
            Map.entry("hidden_act", "silu"),
            Map.entry("tie_word_embeddings", false));

    private static final Map<String, Object> LLAMA = Map.ofEntries(
            Map.entry("model_type", "llama"),
            Map.entry("hidden_size", 4096),
            Map.entry("intermediate_size", 14336),
            Map.entry("num_hidden_layers", 32),
            Map.entry("num_attention_heads", 32),
            Map.entry("num_key_value_heads", 8),
            Map.entry("vocab_size", 128256),
            Map.entry("max_position_embeddings", 8192),
            Map.entry("rope_theta", 500000.0),
            Map.entry("rms_norm_eps", 1e-5),
            Map.entry("hidden_act", "silu"),
            Map.entry("tie_word_embeddings", false));

    private static final Map<String, Object> PYTHIA = Map.ofEntries(
            Map.entry("model_type", "gpt_neox"),
            Map.entry("hidden_size", 2560),
            Map.entry("intermediate_size", 10240),
            Map.entry("num_hidden_layers", 32),
            Map.entry("num_attention_heads", 32),
            Map.entry("vocab_size", 50304),
            Map.entry("max_position_embeddings", 2048),
            Map.entry("rotary_pct", 0.25),
            Map.entry("rotary_emb_base", 10000),
            Map.entry("layer_norm_eps", 1e-5),
            Map.entry("hidden_act", "gelu"),
            Map.entry("use_parallel_residual", true),
            Map.entry("tie_word_embeddings", false));

    @TempDir
    private Path temp;

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    private static Map<String, Object> shape(Path file) {
        String name = file.getFileName().toString();
        if (name.contains("pythia")) {
            return PYTHIA;
        }
        return name.contains("mistral") ? MISTRAL : LLAMA;
    }

    private Config load(Path file) throws IOException {
        Path model = Files.createDirectories(temp.resolve("model"));
        new ObjectMapper().writeValue(model.resolve("config.json").toFile(), shape(file));
        return ConfigLoader.load(
                file,
                List.of(
                        "model.path=" + model,
                        "model.init=random",
                        "data.train=src/test/resources/job/pairs.jsonl",
                        "data.eval=src/test/resources/job/held-out.jsonl",
                        "data.preset=default"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void isPlannedForAModelOfTheSameShape(Path file) throws IOException {
        RunPlan plan = PlanJob.run(load(file));
        assertThat(plan.parameters().trained())
                .isEqualTo(PARAMETERS.get(file.getFileName().toString()));
    }

    /**
     * Llama-3-8B: embedding and output 2 x 128256 x 4096, each of 32 layers q and o 2 x 4096 x 4096, k and v 2 x 4096 x 1024,
     * three of 4096 x 14336 and two norms, and the last norm. Mistral has another vocabulary. Pythia: embedding and output 2 x 50304 x
     * 2560, each of 32 layers 12 x 2560 x 2560 with 13 x 2560 biases and norms, and the last norm of two vectors.
     */
    @Test
    void parametersFollowFromTheShape() {
        long layers = 32L * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336 + 2 * 4096) + 4096;
        assertThat(PARAMETERS.get("ultrafeedback-llama-3-8b-lsif.yaml")).isEqualTo(2L * 128256 * 4096 + layers);
        assertThat(PARAMETERS.get("ultrafeedback-mistral-7b-lsif.yaml")).isEqualTo(2L * 32000 * 4096 + layers);
        long pythia = 2L * 50304 * 2560 + 32L * (12 * 2560 * 2560 + 13 * 2560) + 2 * 2560;
        assertThat(PARAMETERS.get("tldr-pythia-2.8b-lsif.yaml")).isEqualTo(pythia);
    }

    /** The authors' script: batch 4 x 2 x 16 = 128, one epoch, cosine after a tenth, AdamW as it comes, seed 42. */
    @ParameterizedTest
    @MethodSource("files")
    void hasTheAuthorsSettings(Path file) {
        Config config = ConfigLoader.load(file, List.of());
        assertThat(config.train().batchPairs()).isEqualTo(4 * 2 * 16);
        assertThat(config.train().epochs()).isEqualTo(1);
        assertThat(config.train().learningRate()).isEqualTo(5e-7);
        assertThat(config.train().warmupRatio()).isEqualTo(0.1);
        assertThat(config.train().adamBeta2()).isEqualTo(0.999);
        assertThat(config.train().seed()).isEqualTo(42);
        assertThat(config.heads()).hasSize(1).allMatch(head -> head.name().equals("lsif"));
        assertThat(file).content().startsWith("# ./dil-ort train --config " + file + "\n");
        assertThat(config.output()).isEqualTo(Path.of("out/paper", stem(file)));
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    /** 1024 tokens with a prompt of 512 for Mistral, 2048 with 1800 for Llama. */
    @Test
    void lengthsAreTheModels() {
        Config mistral = ConfigLoader.load(FOLDER.resolve("ultrafeedback-mistral-7b-lsif.yaml"), List.of());
        assertThat(mistral.data().maxLength()).isEqualTo(1024);
        assertThat(mistral.data().maxPromptLength().value()).isEqualTo(512);
        assertThat(mistral.train().evalEvery().steps()).isEqualTo(500);
        Config llama = ConfigLoader.load(FOLDER.resolve("ultrafeedback-llama-3-8b-lsif.yaml"), List.of());
        assertThat(llama.data().maxLength()).isEqualTo(2048);
        assertThat(llama.data().maxPromptLength().value()).isEqualTo(1800);
    }
}

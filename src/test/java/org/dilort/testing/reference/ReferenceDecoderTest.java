package org.dilort.testing.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference is held to PyTorch: transformers' own code, run in float64, over the golden checkpoints. */
class ReferenceDecoderTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final double RELATIVE = 1e-12;
    private static final List<String> OLD_SPELLING =
            List.of("rope_theta", "rope_scaling", "rope_local_base_freq", "rotary_emb_base", "rotary_pct");

    private static List<String> goldens() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("model_"))
                    .map(name -> name.substring("model_".length(), name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyFamilyHasAGolden() {
        assertThat(goldens().stream()
                        .map(name -> config(name).get("model_type").textValue())
                        .distinct())
                .containsExactlyInAnyOrder(
                        "gemma2",
                        "gemma3_text",
                        "gpt2",
                        "gpt_neox",
                        "llama",
                        "mistral",
                        "olmo2",
                        "phi3",
                        "qwen2",
                        "qwen3",
                        "smollm3");
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void computesWhatPyTorchComputes(String name) {
        check(name, config(name));
    }

    /** As transformers 5 writes it. */
    @ParameterizedTest
    @MethodSource("goldens")
    void readsRotarySettingsInOneObject(String name) {
        check(name, config(name).without(OLD_SPELLING));
    }

    /** As transformers 4 wrote it, and most published checkpoints have it; windows by the family's own pattern. */
    @ParameterizedTest
    @MethodSource("goldens")
    void readsRotarySettingsInKeysOfTheirOwn(String name) {
        check(name, config(name).without(List.of("rope_parameters", "layer_types")));
    }

    private static ObjectNode config(String name) {
        return (ObjectNode) json(FOLDER.resolve("tiny-" + name + "/config.json"));
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(String name, JsonNode config) {
        JsonNode golden = json(FOLDER.resolve("model_" + name + ".json"));
        int length = golden.at("/input_ids/0").size(); // transformers scales positions by the longest of the batch
        ReferenceDecoder decoder = ReferenceDecoder.of(config, length, Checkpoint.read(FOLDER.resolve("tiny-" + name)));
        for (int row = 0; row < golden.get("input_ids").size(); row++) {
            double expected = golden.at("/sequence_logps/" + row).doubleValue();
            assertThat(score(decoder, golden, row))
                    .as("%s, row %d", name, row)
                    .isCloseTo(expected, Percentage.withPercentage(RELATIVE * 100));
        }
    }

    private static double score(ReferenceDecoder decoder, JsonNode golden, int row) {
        JsonNode mask = golden.at("/attention_mask/" + row);
        int count =
                IntStream.range(0, mask.size()).map(i -> mask.get(i).intValue()).sum();
        int[] tokens = IntStream.range(0, count)
                .map(i -> golden.at("/input_ids/" + row + "/" + i).intValue())
                .toArray();
        int response = golden.at("/response_lengths/" + row).intValue();
        double[] logProbs = decoder.logProbs(tokens);
        return IntStream.range(logProbs.length - response, logProbs.length)
                .mapToDouble(i -> logProbs[i])
                .sum();
    }

    /** Abramowitz and Stegun, table 7.1. */
    @Test
    void errorFunctionOfTheTable() {
        assertThat(Activations.erf(0.5)).isCloseTo(0.5204998778, Offset.offset(5e-11));
        assertThat(Activations.erf(1)).isCloseTo(0.8427007929, Offset.offset(5e-11));
        assertThat(Activations.erf(-2)).isCloseTo(-0.9953222650, Offset.offset(5e-11));
    }
}

package org.dilort.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.dilort.artifacts.InitialWeights;
import org.dilort.data.TokenizedPair;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.runtime.SessionSettings;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;

/** Small model folders for tests of everything that reads or writes them. */
public final class TestModels {
    public static final SessionSettings ONE_THREAD = new SessionSettings(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestModels() {}

    /** A Llama with seeded random weights that are big enough to prefer some tokens. */
    public static Path random(Path folder, long seed, Consumer<ObjectNode> changes) {
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", "llama")
                .put("vocab_size", 40)
                .put("hidden_size", 16)
                .put("intermediate_size", 24)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 4)
                .put("num_key_value_heads", 2)
                .put("max_position_embeddings", 32)
                .put("initializer_range", 0.5)
                .put("tie_word_embeddings", true);
        changes.accept(config);
        try {
            Files.createDirectories(folder);
            JSON.writeValue(folder.resolve("config.json").toFile(), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CausalLm model = Architectures.read(folder);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        InitialWeights weights = new InitialWeights.Random(seed);
        for (Parameter parameter : model.parameters()) {
            writer.add(parameter.name(), WeightType.F32, shape(parameter), weights.of(model, parameter));
        }
        writer.writeFolder(folder, ShardPlan.singleFile());
        return folder;
    }

    public static List<Long> shape(Parameter parameter) {
        return LongStream.of(parameter.shape().toArray()).boxed().toList();
    }

    /** Exports a Hugging Face folder as it is. */
    public static Path export(Path modelFolder, Path target) {
        try (SafetensorsFolder weights = SafetensorsFolder.open(modelFolder)) {
            ExportFolder.write(modelFolder, weights, ModelCard.titled("test"), target);
        }
        return target;
    }

    /** Copies a test tokenizer, {@code tokenizer-bytes} or {@code tokenizer-words}, into a folder. */
    public static void addTokenizer(String name, Path folder) {
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            try (InputStream in = TestModels.class.getResourceAsStream("/data/" + name + "/" + file)) {
                if (in != null) {
                    Files.write(folder.resolve(file), in.readAllBytes());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The pairs of a golden batch. */
    public static List<TokenizedPair> pairs(GoldenModel golden) {
        return java.util.stream.IntStream.range(0, golden.pairs())
                .mapToObj(pair -> {
                    int[] chosen = golden.tokens(pair);
                    int[] rejected = golden.tokens(golden.pairs() + pair);
                    int prompt = chosen.length - golden.responseLength(pair);
                    return new TokenizedPair(
                            pair,
                            java.util.Arrays.copyOf(chosen, prompt),
                            java.util.Arrays.copyOfRange(chosen, prompt, chosen.length),
                            java.util.Arrays.copyOfRange(rejected, prompt, rejected.length));
                })
                .toList();
    }

    /** A seeded sequence of ids. */
    public static int[] ids(SplittableRandom random, int length, int vocabulary) {
        return random.ints(length, 0, vocabulary).toArray();
    }
}

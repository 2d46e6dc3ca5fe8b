package org.dilort.testing.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.dilort.testing.Array;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;

/** A language model in double: token ids in, log-probabilities out. */
public final class ReferenceDecoder {
    private final JsonNode config;
    private final int length;
    private final Map<String, Array> weights;
    private final Family family;

    private ReferenceDecoder(JsonNode config, int length, Checkpoint checkpoint) {
        this.config = config;
        this.length = length;
        this.family = Family.of(new ReferenceConfig(config), checkpoint, length);
        this.weights = checkpoint.asked();
    }

    /** @param length of the longest sequence of a run, on which dynamic and longrope positions depend */
    public static ReferenceDecoder read(Path folder, int length) {
        try {
            JsonNode config =
                    new ObjectMapper().readTree(folder.resolve("config.json").toFile());
            return of(config, length, Checkpoint.read(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ReferenceDecoder of(JsonNode config, int length, Map<String, Array> weights) {
        return new ReferenceDecoder(config, length, Checkpoint.of(weights));
    }

    /** A model with weights drawn from the seed. */
    public static ReferenceDecoder random(JsonNode config, int length, long seed) {
        return new ReferenceDecoder(config, length, Checkpoint.drawn(seed));
    }

    public Map<String, Array> weights() {
        return new TreeMap<>(weights);
    }

    /** Writes a Hugging Face folder, {@code config.json} and {@code model.safetensors} in float32. */
    public Path write(Path folder) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        weights.forEach((name, array) -> {
            List<Long> shape = LongStream.of(array.shape()).boxed().toList();
            writer.add(name, WeightType.F32, shape, FloatSource.of(floats(array)));
        });
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), config.toPrettyString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer.writeFolder(folder, ShardPlan.singleFile());
        return folder;
    }

    private static float[] floats(Array array) {
        float[] floats = new float[array.values().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) array.values()[i];
        }
        return floats;
    }

    public ReferenceDecoder with(String name, Array weight) {
        Map<String, Array> changed = weights();
        changed.put(name, weight);
        return of(config, length, changed);
    }

    /** Element i is log p(token i + 1 | tokens 0 .. i), nats: one less than tokens. */
    public double[] logProbs(int... tokens) {
        double[][] logits = family.logits(tokens);
        double[] logProbs = new double[tokens.length - 1];
        Arrays.setAll(logProbs, i -> logits[i][tokens[i + 1]] - logSumExp(logits[i]));
        return logProbs;
    }

    private static double logSumExp(double[] values) {
        double largest = Arrays.stream(values).max().orElseThrow();
        return largest
                + Math.log(Arrays.stream(values).map(v -> Math.exp(v - largest)).sum());
    }
}

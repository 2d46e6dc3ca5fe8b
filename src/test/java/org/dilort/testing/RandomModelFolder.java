package org.dilort.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dilort.artifacts.InitialWeights;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;

/**
 * Makes a Hugging Face folder of random weights from a {@code config.json}: a model of any size to measure with.
 *
 * <p>From the command line: {@code java -cp target/classes:target/test-classes:LIBRARIES
 * org.dilort.testing.RandomModelFolder CONFIG.json FOLDER BF16 SHARD_BYTES}.
 */
public final class RandomModelFolder {
    private static final long SEED = 1;

    private RandomModelFolder() {}

    public static void main(String[] args) throws IOException {
        write(Path.of(args[0]), Path.of(args[1]), WeightType.valueOf(args[2]), Long.parseLong(args[3]));
    }

    /** @param shardBytes a file is closed when it holds this much */
    public static void write(Path config, Path folder, WeightType type, long shardBytes) throws IOException {
        Files.createDirectories(folder);
        Files.copy(config, folder.resolve("config.json"));
        CausalLm model = Architectures.read(folder);
        InitialWeights weights = new InitialWeights.Random(SEED);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        Map<String, String> files = new LinkedHashMap<>();
        long bytes = 0;
        for (Parameter parameter : model.parameters()) {
            List<Long> shape =
                    LongStream.of(parameter.shape().toArray()).boxed().toList();
            writer.add(parameter.name(), type, shape, weights.of(model, parameter));
            files.put(parameter.name(), "model-" + bytes / shardBytes + ".safetensors");
            bytes += type.bytes(shape);
        }
        writer.writeFolder(folder, new ShardPlan(files));
    }
}

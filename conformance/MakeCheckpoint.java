import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.dilort.error.UserException;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;

/**
 * Writes a Hugging Face folder of any size with random weights, for measurements: matrices uniform around 0 with the
 * deviation of {@code initializer_range}, gains 1, biases 0.
 *
 * <p>The same arguments give the same bytes. Run it from the repository root, after a build:
 * {@code java -cp target/dil-ort.jar conformance/MakeCheckpoint.java CONFIG.json BF16 1024 OUT_DIR}.
 */
public final class MakeCheckpoint {
    private static final int CHUNK = 1 << 16;

    private MakeCheckpoint() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            fail("usage: java -cp target/dil-ort.jar conformance/MakeCheckpoint.java CONFIG.json F32|F16|BF16"
                    + " SHARD_MIB OUT_DIR");
        }
        try {
            WeightType type = WeightType.valueOf(args[1]);
            write(Path.of(args[0]), type, Math.multiplyExact(Long.parseLong(args[2]), 1L << 20), Path.of(args[3]));
        } catch (UserException | IllegalArgumentException e) {
            fail(e.getMessage());
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(2);
    }

    private static void write(Path config, WeightType type, long shardBytes, Path out) throws IOException {
        Files.createDirectories(out);
        Files.copy(config, out.resolve("config.json"));
        CausalLm model = Architectures.read(out);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        for (Parameter parameter : model.parameters()) {
            writer.add(parameter.name(), type, shape(parameter), values(model, parameter));
        }
        writer.writeFolder(out, plan(model, type, shardBytes));
        long parameters =
                model.parameters().stream().mapToLong(Parameter::elements).sum();
        System.out.println(parameters + " parameters in " + out);
    }

    private static List<Long> shape(Parameter parameter) {
        return LongStream.of(parameter.shape().toArray()).boxed().toList();
    }

    /** Fills one shard after the other; a tensor that is bigger has one of its own. */
    private static ShardPlan plan(CausalLm model, WeightType type, long shardBytes) {
        Map<String, Integer> shards = new LinkedHashMap<>();
        int shard = 0;
        long filled = 0;
        for (Parameter parameter : model.parameters()) {
            long bytes = type.bytes(shape(parameter));
            if (filled > 0 && filled + bytes > shardBytes) {
                shard++;
                filled = 0;
            }
            filled += bytes;
            shards.put(parameter.name(), shard);
        }
        if (shard == 0) {
            return ShardPlan.singleFile();
        }
        int count = shard + 1;
        Map<String, String> files = new LinkedHashMap<>();
        shards.forEach((name, number) -> files.put(
                name, String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", number + 1, count)));
        return new ShardPlan(files);
    }

    private static FloatSource values(CausalLm model, Parameter parameter) {
        return switch (parameter.beginning()) {
            case ONES -> constant(parameter, 1);
            case ZEROS -> constant(parameter, 0);
            case UNIFORM -> uniform(parameter, 1 / Math.sqrt(parameter.shape().dim(-1).value()));
            case NORMAL, RESIDUAL -> uniform(parameter, Math.sqrt(3) * model.initializerRange());
        };
    }

    private static FloatSource constant(Parameter parameter, float value) {
        float[] values = new float[Math.toIntExact(parameter.elements())];
        Arrays.fill(values, value);
        return FloatSource.of(values);
    }

    private static FloatSource uniform(Parameter parameter, double bound) {
        return sink -> {
            SplittableRandom random = new SplittableRandom(parameter.name().hashCode());
            float scale = (float) (bound * 0x1p-31);
            float[] chunk = new float[CHUNK];
            for (long done = 0; done < parameter.elements(); done += CHUNK) {
                int count = (int) Math.min(CHUNK, parameter.elements() - done);
                for (int i = 0; i < count; i++) {
                    chunk[i] = scale * random.nextInt();
                }
                sink.accept(FloatBuffer.wrap(chunk, 0, count));
            }
        };
    }
}

package org.dilort.artifacts;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.weights.FloatSource;

/**
 * The weights of a new model: matrices from N(0, initializer range²), narrower ones for GPT-2's residual layers, gains 1,
 * biases 0, adapters as PEFT begins them.
 *
 * <p>Each chunk of a parameter has a stream of its own, seeded by the run's seed, the parameter's name and the chunk's
 * number: a parameter's values do not depend on which others there are, and all processors draw at once.
 */
final class RandomWeights {
    private static final int CHUNK = 1 << 14;
    private static final int CHUNKS_AT_ONCE = 256;

    /** Odd, and none of a SplittableRandom's own steps, which would make streams overlap. */
    private static final long STREAM_STEP = 0xd1342543de82ef95L;

    private RandomWeights() {}

    static FloatSource of(CausalLm model, Parameter parameter, long seed) {
        return switch (parameter.beginning()) {
            case ONES -> constant(parameter.elements(), 1);
            case ZEROS -> constant(parameter.elements(), 0);
            case NORMAL -> normal(parameter, model.initializerRange(), seed);
            case RESIDUAL ->
                normal(
                        parameter,
                        model.initializerRange() / Math.sqrt(2.0 * model.size().layers()),
                        seed);
            case UNIFORM -> uniform(parameter, seed);
        };
    }

    private static FloatSource constant(long count, float value) {
        return sink -> {
            for (long done = 0; done < count; done += CHUNK) {
                float[] chunk = new float[(int) Math.min(CHUNK, count - done)];
                java.util.Arrays.fill(chunk, value);
                sink.accept(FloatBuffer.wrap(chunk));
            }
        };
    }

    /** Kaiming's uniform distribution with a = sqrt(5), as PyTorch's linear layers begin. */
    private static FloatSource uniform(Parameter parameter, long seed) {
        double bound = 1 / Math.sqrt(parameter.shape().dim(-1).value());
        return drawn(parameter, seed, random -> bound * (2 * random.nextDouble() - 1));
    }

    /** Box and Muller's transform, which gives the same numbers on every Java. */
    private static FloatSource normal(Parameter parameter, double deviation, long seed) {
        return drawn(parameter, seed, random -> {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            double angle = 2 * Math.PI * random.nextDouble();
            return deviation * radius * StrictMath.cos(angle);
        });
    }

    private static FloatSource drawn(Parameter parameter, long seed, ToDoubleFunction<SplittableRandom> draw) {
        long stream = seed ^ fnv1a(parameter.name());
        long count = parameter.elements();
        long chunks = (count + CHUNK - 1) / CHUNK;
        return sink -> {
            for (long first = 0; first < chunks; first += CHUNKS_AT_ONCE) {
                LongStream.range(first, Math.min(chunks, first + CHUNKS_AT_ONCE))
                        .parallel()
                        .mapToObj(number -> chunk(number, count, stream, draw))
                        .toList()
                        .forEach(chunk -> sink.accept(FloatBuffer.wrap(chunk)));
            }
        };
    }

    private static float[] chunk(long number, long count, long stream, ToDoubleFunction<SplittableRandom> draw) {
        SplittableRandom random = new SplittableRandom(stream + STREAM_STEP * number);
        float[] chunk = new float[(int) Math.min(CHUNK, count - number * CHUNK)];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = (float) draw.applyAsDouble(random);
        }
        return chunk;
    }

    /** FNV-1a, 64 bits. */
    private static long fnv1a(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}

package org.dilort.testing.reference;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.dilort.testing.Array;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.WeightSource;

/** The weights that a family asks for by name and shape. */
final class Checkpoint {
    private final Source source;
    private final Map<String, Array> asked = new TreeMap<>();

    private interface Source {
        /** @param centre what the elements of a drawn weight scatter about */
        Array weight(String name, double centre, long... shape);
    }

    private Checkpoint(Source source) {
        this.source = source;
    }

    static Checkpoint of(Map<String, Array> weights) {
        return new Checkpoint((name, centre, shape) -> {
            Array array = weights.get(name);
            if (array == null || !Arrays.equals(array.shape(), shape)) {
                throw new IllegalArgumentException("weight " + name + ": "
                        + (array == null ? "absent" : Arrays.toString(array.shape())) + ", expected "
                        + Arrays.toString(shape));
            }
            return array;
        });
    }

    /** Weights that do not exist yet: each drawn from the seed and its name, exact in float32. */
    static Checkpoint drawn(long seed) {
        return new Checkpoint((name, centre, shape) -> {
            SplittableRandom random = new SplittableRandom(31 * seed + name.hashCode());
            boolean table = name.contains("embed") || name.contains("lm_head") || name.contains(".wte.");
            double size = table ? 0.5 : 0.25;
            double[] values =
                    Array.random(random, centre - size, centre + size, shape).values();
            Arrays.setAll(values, i -> (float) values[i]);
            return new Array(shape, values);
        });
    }

    static Map<String, Array> read(Path folder) {
        try (WeightSource file = SafetensorsFolder.open(folder)) {
            Map<String, Array> weights = new TreeMap<>();
            for (String name : file.names()) {
                float[] floats = file.toArray(name);
                double[] values = new double[floats.length];
                Arrays.setAll(values, i -> floats[i]);
                long[] shape = file.info(name).shape().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
                weights.put(name, new Array(shape, values));
            }
            return weights;
        }
    }

    /** All that was asked for up to now. */
    Map<String, Array> asked() {
        return new TreeMap<>(asked);
    }

    double[] vector(String name, int size, double centre) {
        return asked.computeIfAbsent(name, key -> source.weight(key, centre, size))
                .values();
    }

    /** {@code [rows][columns]}. */
    double[][] matrix(String name, int rows, int columns) {
        double[] values = asked.computeIfAbsent(name, key -> source.weight(key, 0, rows, columns))
                .values();
        double[][] matrix = new double[rows][];
        Arrays.setAll(matrix, row -> Arrays.copyOfRange(values, row * columns, (row + 1) * columns));
        return matrix;
    }
}

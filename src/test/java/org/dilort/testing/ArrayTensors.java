package org.dilort.testing;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dilort.weights.FloatSink;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;

/** Arrays as tensors that come in chunks of a few elements, so that rows are cut everywhere. */
public final class ArrayTensors implements NamedTensors {
    private static final int CHUNK = 7;

    private final Map<String, Array> arrays;

    public ArrayTensors(Map<String, Array> arrays) {
        this.arrays = Map.copyOf(arrays);
    }

    @Override
    public Path location() {
        return Path.of("arrays");
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            List<Long> shape = LongStream.of(array.shape()).boxed().toList();
            tensors.put(
                    name, new TensorInfo(name, WeightType.F32, shape, location(), 0, WeightType.F32.bytes(shape)));
        });
        return tensors;
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        double[] values = arrays.get(name).values();
        for (int from = 0; from < values.length; from += CHUNK) {
            float[] chunk = new float[Math.min(CHUNK, values.length - from)];
            for (int i = 0; i < chunk.length; i++) {
                chunk[i] = (float) values[from + i];
            }
            sink.accept(FloatBuffer.wrap(chunk));
        }
    }
}

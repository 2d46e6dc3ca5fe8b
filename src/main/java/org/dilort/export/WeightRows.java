package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.dilort.model.Parameter.Layout;
import org.dilort.weights.NamedTensors;

/**
 * A stored matrix as rows, one for each output of its layer. A weight that is stored {@code [in, out]} is held whole while it is
 * read, one that is stored {@code [out, in]} a row at a time.
 *
 * @param in numbers of a row
 * @param out rows
 */
record WeightRows(NamedTensors source, String name, Layout layout, int in, int out) {

    /** @param row takes each; the array is used again for the next */
    void forEach(Consumer<float[]> row) {
        if (layout == Layout.OUT_IN) {
            Splitter splitter = new Splitter(new float[in], row);
            source.finiteFloats(name).read(splitter::accept);
            return;
        }
        FloatBuffer whole = FloatBuffer.allocate(Math.multiplyExact(in, out));
        source.finiteFloats(name).read(whole::put);
        float[] values = new float[in];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                values[i] = whole.get(i * out + o);
            }
            row.accept(values);
        }
    }

    /** Cuts a stream into rows. */
    private static final class Splitter {
        private final float[] values;
        private final Consumer<float[]> row;
        private int filled;

        Splitter(float[] values, Consumer<float[]> row) {
            this.values = values;
            this.row = row;
        }

        void accept(FloatBuffer chunk) {
            while (chunk.hasRemaining()) {
                int count = Math.min(chunk.remaining(), values.length - filled);
                chunk.get(values, filled, count);
                filled += count;
                if (filled == values.length) {
                    row.accept(values);
                    filled = 0;
                }
            }
        }
    }
}

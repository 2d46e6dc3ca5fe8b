package org.dilort.lora;

import java.nio.FloatBuffer;
import org.dilort.weights.FloatSink;

/** Euclidean norms of a layer's weights, one for each output, of elements that come in the order of the file. */
final class OutputNorms implements FloatSink {
    private final LinearLayer layer;
    private final double[] squares;
    private long seen;

    OutputNorms(LinearLayer layer) {
        this.layer = layer;
        this.squares = new double[Math.toIntExact(layer.out())];
    }

    @Override
    public void accept(FloatBuffer chunk) {
        while (chunk.hasRemaining()) {
            double value = chunk.get();
            squares[layer.outputOf(seen++)] += value * value;
        }
    }

    float[] norms() {
        float[] norms = new float[squares.length];
        for (int i = 0; i < norms.length; i++) {
            norms[i] = (float) Math.sqrt(squares[i]);
        }
        return norms;
    }
}

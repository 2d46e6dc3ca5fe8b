package org.dilort.weights;

import java.nio.FloatBuffer;

/** Takes the elements of one tensor, chunk after chunk in row-major order. */
@FunctionalInterface
public interface FloatSink {

    /** The chunk is valid during the call only; the sink may move its position. */
    void accept(FloatBuffer chunk);
}

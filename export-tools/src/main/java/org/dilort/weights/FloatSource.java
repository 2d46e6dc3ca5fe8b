package org.dilort.weights;

import java.nio.FloatBuffer;

/** The elements of one tensor as float32, streamed in row-major order; may be read more than once. */
@FunctionalInterface
public interface FloatSource {

    void read(FloatSink sink);

    /** Streams the array itself, not a copy. */
    static FloatSource of(float[] values) {
        return sink -> sink.accept(FloatBuffer.wrap(values).asReadOnlyBuffer());
    }
}

package org.dilort.model;

import java.util.stream.LongStream;
import org.dilort.onnx.Shape;

/** A weight of a model: its name in a Hugging Face checkpoint, its shape there, and how a new model begins. */
public record Parameter(String name, Shape shape, Beginning beginning) {

    /** What a weight holds before any training. */
    public enum Beginning {
        /** Draws from a normal distribution with the model's initializer range. */
        NORMAL,
        ONES,
        ZEROS
    }

    /** A matrix or table. */
    public static Parameter matrix(String name, long rows, long columns) {
        return new Parameter(name, Shape.of(rows, columns), Beginning.NORMAL);
    }

    /** The gain of a norm. */
    public static Parameter gain(String name, long size) {
        return new Parameter(name, Shape.of(size), Beginning.ONES);
    }

    public static Parameter bias(String name, long size) {
        return new Parameter(name, Shape.of(size), Beginning.ZEROS);
    }

    public long elements() {
        return LongStream.of(shape.toArray()).reduce(1, Math::multiplyExact);
    }
}

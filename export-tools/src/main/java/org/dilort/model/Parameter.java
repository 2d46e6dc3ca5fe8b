package org.dilort.model;

import java.util.stream.LongStream;
import org.dilort.onnx.Shape;

/** A weight of a model: its name in a Hugging Face checkpoint, its shape there, and how a new model begins. */
public record Parameter(String name, Shape shape, Beginning beginning, Layout layout) {

    /** What a weight holds before any training. */
    public enum Beginning {
        /** Draws from a normal distribution with the model's initializer range. */
        NORMAL,
        /**
         * The same over the root of twice the layers, for what adds to the residual stream: its variance then does not
         * grow with depth (GPT-2's report, 2.3).
         */
        RESIDUAL,
        /** Draws between plus and minus 1 / sqrt(columns). */
        UNIFORM,
        ONES,
        ZEROS
    }

    /** Which axis of a linear layer's weight is which; means nothing for vectors and tables. */
    public enum Layout {
        OUT_IN,
        /** As GPT-2's Conv1D stores it. */
        IN_OUT
    }

    /** A table, or the weight of a linear layer, {@code [rows, columns] = [out, in]}. */
    public static Parameter matrix(String name, long rows, long columns) {
        return new Parameter(name, Shape.of(rows, columns), Beginning.NORMAL, Layout.OUT_IN);
    }

    /** The weight of a linear layer that is stored transposed, {@code [in, out]}. */
    public static Parameter transposedMatrix(String name, long in, long out) {
        return new Parameter(name, Shape.of(in, out), Beginning.NORMAL, Layout.IN_OUT);
    }

    public Parameter withBeginning(Beginning newBeginning) {
        return new Parameter(name, shape, newBeginning, layout);
    }

    /** The gain of a norm. */
    public static Parameter gain(String name, long size) {
        return new Parameter(name, Shape.of(size), Beginning.ONES, Layout.OUT_IN);
    }

    /** What is added, or a gain that is stored as its distance from 1. */
    public static Parameter offset(String name, long size) {
        return new Parameter(name, Shape.of(size), Beginning.ZEROS, Layout.OUT_IN);
    }

    public long elements() {
        return LongStream.of(shape.toArray()).reduce(1, Math::multiplyExact);
    }
}

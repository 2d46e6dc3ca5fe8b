package org.dilort.model;

import org.dilort.onnx.Shape;

/** A weight of a model: its name in a Hugging Face checkpoint and its shape there. */
public record Parameter(String name, Shape shape) {

    public static Parameter of(String name, long... dims) {
        return new Parameter(name, Shape.of(dims));
    }
}

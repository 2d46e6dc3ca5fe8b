package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Dimensions of a tensor; the rank is always known, a dimension may be symbolic. */
public record Shape(List<Dim> dims) {
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
    }

    public static Shape of(Dim... dims) {
        return new Shape(Arrays.asList(dims));
    }

    public static Shape of(long... dims) {
        return new Shape(LongStream.of(dims).mapToObj(Dim::of).toList());
    }

    public int rank() {
        return dims.size();
    }

    /** Dimension {@code axis}; a negative axis counts from the end. */
    public Dim dim(int axis) {
        return dims.get(axis < 0 ? axis + rank() : axis);
    }

    public Dim elements() {
        return Dim.product(dims);
    }

    public boolean isFixed() {
        return dims.stream().allMatch(Dim::isFixed);
    }

    /** The numbers, for a shape without symbols. */
    public long[] toArray() {
        return dims.stream().mapToLong(Dim::value).toArray();
    }

    public Shape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis < 0 ? axis + rank() : axis, dim);
        return new Shape(changed);
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}

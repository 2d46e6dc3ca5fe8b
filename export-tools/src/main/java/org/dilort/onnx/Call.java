package org.dilort.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A node that is about to be made: operator, operands and attributes, with the checks that inference needs. */
record Call(String op, List<Value> inputs, Map<String, Attribute> attributes, ShapeValues shapeValues) {

    Value in(int index) {
        return inputs.get(index);
    }

    TensorType type(int index) {
        return inputs.get(index).type();
    }

    Shape shape(int index) {
        return inputs.get(index).shape();
    }

    long integer(String attribute, long defaultValue) {
        return attributes.get(attribute) instanceof Attribute.IntValue found ? found.value() : defaultValue;
    }

    long[] integers(String attribute) {
        if (attributes.get(attribute) instanceof Attribute.IntsValue found) {
            return found.toArray();
        }
        throw failure("attribute " + attribute + " is missing");
    }

    /** An axis attribute as 0 .. rank - 1. */
    int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw failure("axis " + axis + " is out of range for rank " + rank);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** The dimensions that an int64 vector operand is known to hold. */
    List<Dim> dims(int index) {
        return shapeValues
                .dims(in(index))
                .orElseThrow(() -> failure("input " + index + " must be a constant or made of Shape"));
    }

    /** The same where no dimension is left to be inferred. */
    List<Dim> sizes(int index) {
        List<Dim> sizes = dims(index);
        if (sizes.stream().anyMatch(ShapeValues::isInferred)) {
            throw failure("input " + index + " holds -1, expected sizes");
        }
        return sizes;
    }

    /** The one dimension that an int64 operand is known to hold. */
    Dim size(int index) {
        List<Dim> sizes = sizes(index);
        if (sizes.size() != 1) {
            throw failure("input " + index + " holds " + sizes.size() + " sizes, expected 1");
        }
        return sizes.get(0);
    }

    /** A constant operand's axes as distinct numbers 0 .. rank - 1, in order. */
    int[] axes(int index, int rank) {
        int[] axes = LongStream.of(constant(index))
                .mapToInt(axis -> axis(axis, rank))
                .sorted()
                .toArray();
        if (IntStream.of(axes).distinct().count() < axes.length) {
            throw failure("input " + index + " names an axis twice");
        }
        return axes;
    }

    /** The numbers of a constant int64 operand. */
    long[] constant(int index) {
        return shapeValues.constant(in(index)).orElseThrow(() -> failure("input " + index + " must be a constant"));
    }

    boolean isConstant(int index) {
        return shapeValues.constant(in(index)).isPresent();
    }

    void requireRank(int index, int rank) {
        if (in(index).rank() != rank) {
            throw failure("input " + index + " has rank " + in(index).rank() + ", expected " + rank);
        }
    }

    void requireDType(int index, DType dtype) {
        if (in(index).dtype() != dtype) {
            throw failure("input " + index + " is " + in(index).dtype() + ", expected " + dtype);
        }
    }

    void requireNumber(int index) {
        if (in(index).dtype() == DType.BOOL) {
            throw failure("input " + index + " is BOOL, expected numbers");
        }
    }

    void requireFloat(int index) {
        if (!in(index).dtype().isFloat()) {
            throw failure("input " + index + " is " + in(index).dtype() + ", expected a floating-point type");
        }
    }

    void requireSameDType(int first, int second) {
        if (in(first).dtype() != in(second).dtype()) {
            throw failure("inputs " + first + " and " + second + " are "
                    + in(first).dtype() + " and " + in(second).dtype() + ", expected one type");
        }
    }

    void requireDim(int index, int axis, Dim expected) {
        if (!in(index).dim(axis).equals(expected)) {
            throw failure("input " + index + " has dimension " + in(index).dim(axis) + " at axis " + axis
                    + ", expected " + expected);
        }
    }

    IllegalArgumentException failure(String problem) {
        String operands = inputs.stream().map(Value::toString).collect(Collectors.joining(", "));
        return new IllegalArgumentException(op + "(" + operands + "): " + problem);
    }
}

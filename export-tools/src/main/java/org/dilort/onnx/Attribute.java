package org.dilort.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** A node's attribute; the variants are those that the supported operators use. */
public sealed interface Attribute {

    static Attribute of(long value) {
        return new IntValue(value);
    }

    static Attribute of(double value) {
        return new FloatValue((float) value);
    }

    static Attribute of(String value) {
        return new TextValue(value);
    }

    static Attribute of(Tensor value) {
        return new TensorValue(value);
    }

    static Attribute ints(long... values) {
        return new IntsValue(LongStream.of(values).boxed().toList());
    }

    record IntValue(long value) implements Attribute {}

    record FloatValue(float value) implements Attribute {}

    record TextValue(String value) implements Attribute {}

    record TensorValue(Tensor value) implements Attribute {}

    record IntsValue(List<Long> values) implements Attribute {
        public IntsValue {
            values = List.copyOf(values);
        }

        long[] toArray() {
            return values.stream().mapToLong(Long::longValue).toArray();
        }

        @Override
        public String toString() {
            return Arrays.toString(toArray());
        }
    }
}

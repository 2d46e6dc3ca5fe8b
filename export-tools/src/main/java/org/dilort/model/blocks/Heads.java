package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** Makes a layer's queries, keys and values from its input. */
public interface Heads {

    Counts counts();

    List<Parameter> parameters();

    /** @param x {@code [rows * length, hidden]} */
    Split split(ForwardPass pass, Value x);

    /**
     * @param query {@code [rows, heads, length, head size]}
     * @param key {@code [rows, key-value heads, length, head size]}
     * @param value {@code [rows, key-value heads, length, head size]}
     */
    record Split(Value query, Value key, Value value) {}

    /** How many heads there are, and how wide each is. */
    record Counts(int queries, int keyValues, int size) {
        public static Counts of(ModelSize size) {
            return new Counts(size.heads(), size.keyValueHeads(), size.headSize());
        }

        /** Query heads that share a key-value head. */
        public int perGroup() {
            return queries / keyValues;
        }

        public int queryWidth() {
            return queries * size;
        }

        public int keyValueWidth() {
            return keyValues * size;
        }
    }
}

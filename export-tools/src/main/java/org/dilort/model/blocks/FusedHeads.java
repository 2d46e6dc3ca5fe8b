package org.dilort.model.blocks;

import java.util.ArrayList;
import java.util.List;
import org.dilort.model.Attention;
import org.dilort.model.Parameter;
import org.dilort.model.TokenStream;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** One projection for queries, keys and values together. */
public record FusedHeads(Counts counts, Part projection, Order order) implements Heads {

    /** How the projection's output lies. */
    public enum Order {
        /** All queries, then all keys, then all values. */
        BLOCKS,
        /** Each head's query, key and value side by side; there are as many key-value heads as heads. */
        HEAD_BY_HEAD
    }

    /** Width of a projection's output that holds all three. */
    public static int width(Counts counts) {
        return counts.queryWidth() + 2 * counts.keyValueWidth();
    }

    @Override
    public List<Parameter> parameters() {
        return projection.parameters();
    }

    @Override
    public Split split(ForwardPass pass, Value x) {
        Value all = projection.apply(pass, x); // [rows * length, width]
        return switch (order) {
            case BLOCKS -> blocks(pass, all);
            case HEAD_BY_HEAD -> headByHead(pass, all);
        };
    }

    private Split blocks(ForwardPass pass, Value all) {
        int keys = counts.keyValueWidth();
        List<Value> parts = pass.ops().split(all, 1, counts.queryWidth(), keys, keys);
        return new Split(
                heads(pass, parts.get(0), counts.queries()),
                heads(pass, parts.get(1), counts.keyValues()),
                heads(pass, parts.get(2), counts.keyValues()));
    }

    private Value heads(ForwardPass pass, Value x, int count) {
        return Attention.splitHeads(pass.ops(), x, pass.tokens(), count, counts.size());
    }

    private Split headByHead(ForwardPass pass, Value all) {
        Ops ops = pass.ops();
        TokenStream tokens = pass.tokens();
        int size = counts.size();
        Value split = ops.reshape(
                all,
                tokens.rows(),
                tokens.length(),
                Dim.of(counts.queries()),
                Dim.of(3L * size)); // [.., heads, 3 size]
        List<Value> parts = new ArrayList<>();
        for (Value part : ops.split(split, 3, size, size, size)) {
            parts.add(ops.transpose(part, 0, 2, 1, 3)); // [rows, heads, length, size]
        }
        return new Split(parts.get(0), parts.get(1), parts.get(2));
    }
}

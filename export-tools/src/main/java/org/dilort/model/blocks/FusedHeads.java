package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Attention;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** One projection, whose output holds all queries, then all keys, then all values. */
public record FusedHeads(Counts counts, Part projection) implements Heads {

    @Override
    public List<Parameter> parameters() {
        return projection.parameters();
    }

    @Override
    public Split split(ForwardPass pass, Value x) {
        Ops ops = pass.ops();
        long keys = counts.queries();
        long values = keys + counts.keyValues();
        long all = values + counts.keyValues();
        Value projected = projection.apply(pass, x); // [rows * length, all * head size]
        Value heads = Attention.splitHeads(ops, projected, pass.tokens(), (int) all, counts.size());
        return new Split(
                ops.slice(heads, 1, 0, keys), // [rows, heads, length, head size]
                ops.slice(heads, 1, keys, values), // [rows, key-value heads, length, head size]
                ops.slice(heads, 1, values, all));
    }
}

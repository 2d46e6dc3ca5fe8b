package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Attention;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** A projection each for queries, keys and values; a norm over a projection's whole width goes along with it. */
public record SeparateHeads(Counts counts, Part query, Part key, Part value) implements Heads {

    @Override
    public List<Parameter> parameters() {
        return Part.join(query, key, value);
    }

    @Override
    public Split split(ForwardPass pass, Value x) {
        return new Split(
                heads(pass, query.apply(pass, x), counts.queries()),
                heads(pass, key.apply(pass, x), counts.keyValues()),
                heads(pass, value.apply(pass, x), counts.keyValues()));
    }

    private Value heads(ForwardPass pass, Value x, int count) {
        return Attention.splitHeads(pass.ops(), x, pass.tokens(), count, counts.size());
    }
}

package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * A row of a table for each token, plus a row of another for its position.
 *
 * @param positions {@code [positions, hidden]}: no sequence can be longer
 */
public record PositionedEmbedding(TokenEmbedding tokens, Parameter positions) implements Embedding {

    @Override
    public List<Parameter> parameters() {
        return List.of(tokens.table(), positions);
    }

    @Override
    public Value apply(ForwardPass pass) {
        Ops ops = pass.ops();
        Value ids = ops.reshape(pass.tokens().positionIds(), pass.tokens().count()); // [rows * length]
        Value placed = ops.gather(pass.weight(positions.name()), ids, 0); // [rows * length, hidden]
        return ops.add(tokens.apply(pass), placed);
    }
}

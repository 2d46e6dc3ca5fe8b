package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** A row of a table for each token. */
public record TokenEmbedding(Parameter table) implements Embedding {

    public static TokenEmbedding of(String name, ModelSize size) {
        return new TokenEmbedding(Parameter.matrix(name, size.vocabulary(), size.hidden()));
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(table);
    }

    @Override
    public Value apply(ForwardPass pass) {
        Ops ops = pass.ops();
        Value ids = ops.reshape(pass.tokens().inputIds(), pass.tokens().count()); // [rows * length]
        return pass.rows(table.name(), ids); // [rows * length, hidden]
    }
}

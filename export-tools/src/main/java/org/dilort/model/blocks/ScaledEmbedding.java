package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** The rows of a table times a factor. The vocabulary projection that shares the table does not see the factor. */
public record ScaledEmbedding(TokenEmbedding embedding, double factor) implements Embedding {

    @Override
    public List<Parameter> parameters() {
        return embedding.parameters();
    }

    @Override
    public Value apply(ForwardPass pass) {
        return pass.ops().mul(embedding.apply(pass), factor); // [rows * length, hidden]
    }
}

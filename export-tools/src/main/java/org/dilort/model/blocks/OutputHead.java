package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.ModelSize;
import org.dilort.model.OutputProjection;
import org.dilort.model.Parameter;
import org.dilort.model.SoftCap;
import org.dilort.model.Weights;

/**
 * The vocabulary projection.
 *
 * @param weight name of a {@code [vocabulary, hidden]} matrix
 * @param parameters the matrix, unless it is the table of token embeddings
 */
public record OutputHead(String weight, List<Parameter> parameters, SoftCap cap) {

    public OutputHead {
        parameters = List.copyOf(parameters);
    }

    /** With the table of token embeddings. */
    public static OutputHead tied(TokenEmbedding embedding) {
        return new OutputHead(embedding.table().name(), List.of(), SoftCap.NONE);
    }

    /** With a matrix of its own. */
    public static OutputHead separate(String name, ModelSize size) {
        return new OutputHead(name, List.of(Parameter.matrix(name, size.vocabulary(), size.hidden())), SoftCap.NONE);
    }

    public OutputHead withCap(SoftCap newCap) {
        return new OutputHead(weight, parameters, newCap);
    }

    OutputProjection projection(Weights weights) {
        return new OutputProjection(weights.get(weight), cap);
    }
}

package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** Makes the first hidden states from the tokens, {@code [rows * length, hidden]}. */
public interface Embedding {

    /** The table of tokens first. */
    List<Parameter> parameters();

    Value apply(ForwardPass pass);
}

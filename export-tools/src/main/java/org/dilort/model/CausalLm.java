package org.dilort.model;

import java.util.List;
import java.util.function.Function;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.DType;
import org.dilort.onnx.Value;

/** A decoder-only language model of one family with its numbers. */
public interface CausalLm {

    ModelSize size();

    /** Standard deviation of the matrices of a model that begins from random weights. */
    double initializerRange();

    /** What training updates, in the order of the forward pass: every weight of the checkpoint, tied ones once. */
    List<Parameter> parameters();

    /**
     * The weights of one graph, made of its parameters.
     *
     * @param compute the type of the hidden states
     * @param value gives each parameter's value in the graph; asked in order
     */
    default Weights weights(Tape tape, DType compute, Function<Parameter, Value> value) {
        return Weights.of(parameters(), value);
    }

    /** Hidden states after the last norm, {@code [rows * length, hidden]}. */
    Value hiddenStates(Tape tape, Weights weights, TokenStream tokens);

    OutputProjection outputProjection(Weights weights);

    /** Whether a row may hold several documents, each a trunk with branches; else it is one plain sequence. */
    default boolean readsDocuments() {
        return true;
    }
}

package org.dilort.model;

import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.Value;

/** A decoder-only language model of one family with its numbers. */
public interface CausalLm {

    ModelSize size();

    /** Standard deviation of the matrices of a model that begins from random weights. */
    double initializerRange();

    /** Every weight of the checkpoint, in the order of the forward pass; tied weights once. */
    List<Parameter> parameters();

    /** Hidden states after the last norm, {@code [rows * length, hidden]}. */
    Value hiddenStates(Tape tape, Weights weights, TokenStream tokens);

    OutputProjection outputProjection(Weights weights);
}

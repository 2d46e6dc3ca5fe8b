package org.dilort.lora;

import java.util.List;
import java.util.function.Function;
import org.dilort.autodiff.Tape;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.model.OutputProjection;
import org.dilort.model.Parameter;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Value;

/**
 * A model of which only adapters and a few whole modules are trained: these are its parameters, all other weights are
 * constants of its graphs. Without adapters it would be {@code base}.
 *
 * @param frozen puts the constants into a graph
 */
public record AdaptedModel(CausalLm base, Adapters adapters, FrozenWeights frozen) implements CausalLm {

    @Override
    public ModelSize size() {
        return base.size();
    }

    @Override
    public double initializerRange() {
        return base.initializerRange();
    }

    @Override
    public List<Parameter> parameters() {
        return adapters.parameters(base);
    }

    @Override
    public Weights weights(Tape tape, DType compute, Function<Parameter, Value> value) {
        return new AdaptedWeights(tape, compute, this, Weights.of(parameters(), value));
    }

    @Override
    public Value hiddenStates(Tape tape, Weights weights, TokenStream tokens) {
        return base.hiddenStates(tape, weights, tokens);
    }

    @Override
    public boolean readsDocuments() {
        return base.readsDocuments();
    }

    @Override
    public OutputProjection outputProjection(Weights weights) {
        return base.outputProjection(weights);
    }
}

package org.dilort.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.KeyValueCache;
import org.dilort.model.Parameter;
import org.dilort.model.QueryChunks;
import org.dilort.model.TokenStream;
import org.dilort.model.TrunkAndBranches;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * What a model's blocks multiply by, found by building the forward pass once and listening to which linear layers it
 * asks for: so it holds for every family, whatever its layers are called.
 *
 * @param linear by module, in the order of the forward pass
 * @param head the weight of the vocabulary projection, which may be the table of token embeddings
 */
public record ModelLayers(Map<String, LinearLayer> linear, String head) {

    public static ModelLayers of(CausalLm model) {
        Listener listener = new Listener(model);
        model.hiddenStates(listener.tape, listener, listener.tokens());
        listener.read.clear();
        model.outputProjection(listener);
        return new ModelLayers(listener.layers, listener.read.get(0));
    }

    private static final class Listener implements Weights {
        private final GraphBuilder graph = new GraphBuilder("layers");
        private final Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        private final Map<String, Parameter> parameters;
        private final Weights weights;
        private final Map<String, LinearLayer> layers = new LinkedHashMap<>();
        private final List<String> read = new ArrayList<>();

        Listener(CausalLm model) {
            this.parameters =
                    model.parameters().stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
            this.weights = Weights.of(
                    model.parameters(),
                    parameter -> graph.input(
                            parameter.name(),
                            DType.FLOAT,
                            parameter.shape().dims().toArray(Dim[]::new)));
        }

        TokenStream tokens() {
            BatchInputs batch = BatchInputs.declare(graph, DType.FLOAT);
            return new TokenStream(
                    batch.inputIds(),
                    batch.positionIds(),
                    TrunkAndBranches.masks(tape.ops(), batch, DType.FLOAT),
                    KeyValueCache.NONE,
                    1,
                    QueryChunks.WHOLE,
                    DType.FLOAT);
        }

        @Override
        public Value get(String name) {
            read.add(name);
            return weights.get(name);
        }

        @Override
        public Value linear(Ops ops, String module, Value x) {
            Parameter weight = parameters.get(module + ".weight");
            if (weight == null) {
                throw new IllegalArgumentException("no weight of " + module + " among the model's parameters");
            }
            layers.put(module, LinearLayer.of(module, weight));
            return weights.linear(ops, module, x);
        }
    }
}

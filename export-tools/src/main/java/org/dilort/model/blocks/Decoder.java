package org.dilort.model.blocks;

import java.util.ArrayList;
import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.model.OutputProjection;
import org.dilort.model.Parameter;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** A model as a stack: embedding, blocks, norm, vocabulary projection. */
public record Decoder(
        ModelSize size, double initializerRange, Embedding embedding, List<Part> blocks, Part norm, OutputHead head)
        implements CausalLm {

    public Decoder {
        blocks = List.copyOf(blocks);
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(embedding.parameters());
        blocks.forEach(block -> parameters.addAll(block.parameters()));
        parameters.addAll(norm.parameters());
        parameters.addAll(head.parameters());
        return parameters;
    }

    @Override
    public Value hiddenStates(Tape tape, Weights weights, TokenStream tokens) {
        Ops ops = tape.ops();
        ForwardPass pass = new ForwardPass(tape, weights, tokens);
        blocks.forEach(block -> block.prepare(pass));
        Value hidden = embedding.apply(pass);
        for (int layer = 0; layer < blocks.size(); layer++) {
            Part block = blocks.get(layer);
            String name = "layer" + layer;
            Value before = hidden;
            hidden = tape.block(() -> ops.scope(name, () -> block.apply(pass, before)));
        }
        return norm.apply(pass, hidden);
    }

    @Override
    public OutputProjection outputProjection(Weights weights) {
        return head.projection(weights);
    }
}

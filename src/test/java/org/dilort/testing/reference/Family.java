package org.dilort.testing.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A decoder put together.
 *
 * @param embedding of token id and position
 * @param logitCap of the logits, or infinity
 */
record Family(Embedding embedding, Part body, Part projection, double logitCap) {

    interface Embedding {
        double[] of(int token, int position);
    }

    static Family of(ReferenceConfig config, Checkpoint weights, int length) {
        return switch (config.text("model_type", "")) {
            case "gpt2" -> Gpt.gpt2(config, weights);
            case "gpt_neox" -> Gpt.neox(config, weights, length);
            default -> new RotaryFamilies(config, weights, length).family();
        };
    }

    static Part layers(int count, IntFunction<Part> layer) {
        List<Part> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(layer.apply(i));
        }
        return Part.chain(layers.toArray(Part[]::new));
    }

    double[][] logits(int[] tokens) {
        double[][] embedded = new double[tokens.length][];
        Arrays.setAll(embedded, i -> embedding.of(tokens[i], i));
        return Part.elementwise(logit -> Activations.softCap(logit, logitCap))
                .apply(projection.apply(body.apply(embedded)));
    }
}

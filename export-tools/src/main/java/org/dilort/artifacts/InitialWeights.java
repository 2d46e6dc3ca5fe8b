package org.dilort.artifacts;

import java.util.List;
import org.dilort.error.FormatException;
import org.dilort.lora.Adapters;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.weights.FloatSource;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.WeightSource;

/** Where the weights of a training state come from. */
public sealed interface InitialWeights {
    /** A copy of the embedding, every family's first parameter, where the two are tied. */
    String TIED_HEAD = "lm_head.weight";

    FloatSource of(CausalLm model, Parameter parameter);

    /** The weights of a checkpoint: all that the model needs, in its shapes, finite. */
    record Pretrained(WeightSource source) implements InitialWeights {
        @Override
        public FloatSource of(CausalLm model, Parameter parameter) {
            source.require(parameter.name(), parameter.shape().toArray());
            return source.finiteFloats(parameter.name());
        }
    }

    /** New weights, drawn from a seed. */
    record Random(long seed) implements InitialWeights {
        @Override
        public FloatSource of(CausalLm model, Parameter parameter) {
            return RandomWeights.of(model, parameter, seed);
        }
    }

    /** New adapters beside the weights of a checkpoint, from which whole modules and magnitudes begin. */
    record NewAdapters(Adapters adapters, NamedTensors base, long seed) implements InitialWeights {
        @Override
        public FloatSource of(CausalLm model, Parameter parameter) {
            String name = parameter.name();
            if (adapters.whole().contains(name)) {
                return base.finiteFloats(name);
            }
            return adapters.magnitudes(name, base).orElseGet(() -> RandomWeights.of(model, parameter, seed));
        }
    }

    /**
     * Refuses a checkpoint that does not fit the model before anything is written.
     *
     * @throws FormatException naming the tensor, what it is and what was expected
     */
    static void check(CausalLm model, WeightSource source) {
        for (Parameter parameter : model.parameters()) {
            source.require(parameter.name(), parameter.shape().toArray());
        }
        List<String> known = model.parameters().stream().map(Parameter::name).toList();
        List<String> extras =
                source.extras(known).stream().filter(name -> !isDerived(name)).toList();
        if (!extras.isEmpty()) {
            throw new FormatException(extras.get(0) + ": the model has no such weight (" + extras.size()
                    + " unknown in " + source.location() + ")");
        }
        if (!known.contains(TIED_HEAD) && source.contains(TIED_HEAD)) {
            source.require(TIED_HEAD, model.parameters().get(0).shape().toArray());
        }
    }

    /**
     * Reads a model's weights to their end.
     *
     * @throws FormatException for NaN and infinite values, naming the tensor
     */
    static void requireFinite(CausalLm model, WeightSource source) {
        for (Parameter parameter : model.parameters()) {
            source.finiteFloats(parameter.name()).read(chunk -> {});
        }
    }

    /** Tensors that older checkpoints carry though they follow from others: rotary tables, a tied head's copy. */
    private static boolean isDerived(String name) {
        return name.endsWith("rotary_emb.inv_freq") || name.equals(TIED_HEAD);
    }
}

package org.dilort.job;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.artifacts.StoredWeight;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.WeightInitializers;
import org.dilort.lora.AdaptedModel;
import org.dilort.lora.Adapters;
import org.dilort.lora.FrozenWeights;
import org.dilort.lora.LinearLayer;
import org.dilort.lora.ModelLayers;
import org.dilort.model.CausalLm;
import org.dilort.weights.BlockFormat;
import org.dilort.weights.BlockedWeights;
import org.dilort.weights.NamedTensors;

/** The weights beside adapters that training leaves alone: the numbers they are, and where these lie. */
sealed interface FrozenBase extends AutoCloseable {

    /** The numbers that the model computes with. */
    NamedTensors values();

    /** What lies where, for graphs to map. */
    NamedTensors stored();

    /** Puts the weights into graphs; {@code places} has at least what {@link #stored} has. */
    FrozenWeights in(Function<String, StoredWeight> places);

    /** What tells it from the same weights as they are in their files; empty = it is these. */
    String difference();

    /** The model without adapters. */
    CausalLm alone(CausalLm model);

    @Override
    default void close() {}

    /** Mapped from the model's own files, in their types. */
    record AsStored(NamedTensors values) implements FrozenBase {
        @Override
        public NamedTensors stored() {
            return values;
        }

        @Override
        public FrozenWeights in(Function<String, StoredWeight> places) {
            return WeightInitializers.frozen(places);
        }

        @Override
        public String difference() {
            return "";
        }

        @Override
        public CausalLm alone(CausalLm model) {
            return model;
        }
    }

    /** The linear layers of the blocks in few bits, all else mapped from the model's own files. */
    record InBlocks(BlockedWeights values, BlockFormat format, Set<String> matrices) implements FrozenBase {

        static InBlocks at(
                Path folder, NamedTensors weights, String hash, BlockFormat format, CausalLm model, Adapters adapters) {
            Set<String> matrices = matrices(model, adapters);
            Path file = folder.resolve("base-" + format.bits() + "bit.safetensors");
            return new InBlocks(BlockedWeights.at(file, weights, matrices, format, hash), format, matrices);
        }

        /** What is kept in few bits: tables and the vocabulary projection never are. */
        static Set<String> matrices(CausalLm model, Adapters adapters) {
            return ModelLayers.of(model).linear().values().stream()
                    .map(LinearLayer::weight)
                    .filter(name -> !adapters.whole().contains(name))
                    .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public NamedTensors stored() {
            return values.stored();
        }

        @Override
        public FrozenWeights in(Function<String, StoredWeight> places) {
            return WeightInitializers.frozen(places, matrices);
        }

        @Override
        public String difference() {
            return " " + format + " in blocks of " + BlockFormat.BLOCK + " of "
                    + matrices.stream().sorted().toList();
        }

        @Override
        public CausalLm alone(CausalLm model) {
            return new AdaptedModel(model, Adapters.none(), in(new StoredWeights(stored())));
        }

        @Override
        public void close() {
            values.close();
        }
    }
}

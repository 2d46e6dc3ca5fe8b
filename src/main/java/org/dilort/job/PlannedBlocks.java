package org.dilort.job;

import java.nio.file.Path;
import java.util.Set;
import org.dilort.artifacts.StoredWeight;
import org.dilort.artifacts.StoredWeights;
import org.dilort.artifacts.WeightInitializers;
import org.dilort.lora.Adapters;
import org.dilort.lora.FrozenWeights;
import org.dilort.model.CausalLm;
import org.dilort.onnx.DType;
import org.dilort.weights.BlockFormat;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.TensorInfo;

/**
 * A base in few bits of which no file was written yet: enough for shapes and sizes, of no use to a session.
 *
 * @param base the model's own weights
 */
record PlannedBlocks(NamedTensors base, BlockFormat format, Set<String> matrices) {
    private static final Path NOWHERE = Path.of("planned");

    static PlannedBlocks of(NamedTensors base, BlockFormat format, CausalLm model, Adapters adapters) {
        return new PlannedBlocks(base, format, FrozenBase.InBlocks.matrices(model, adapters));
    }

    FrozenWeights frozen() {
        StoredWeights stored = new StoredWeights(base);
        DType codes = format == BlockFormat.INT8 ? DType.INT8 : DType.INT4;
        return WeightInitializers.frozen(
                name -> {
                    for (String matrix : matrices) {
                        if (name.equals(BlockFormat.codes(matrix))) {
                            return planned(codes, format.codes(base.info(matrix), NOWHERE, 0));
                        }
                        if (name.equals(BlockFormat.scales(matrix))) {
                            return planned(DType.FLOAT, format.scales(base.info(matrix), NOWHERE, 0));
                        }
                    }
                    return stored.apply(name);
                },
                matrices);
    }

    private static StoredWeight planned(DType dtype, TensorInfo tensor) {
        return new StoredWeight(dtype, tensor.file().toString(), tensor.offset(), tensor.bytes());
    }

    /** Bytes of codes and scales. */
    long bytes() {
        return matrices.stream()
                .map(base::info)
                .mapToLong(weight -> format.codes(weight, NOWHERE, 0).bytes()
                        + format.scales(weight, NOWHERE, 0).bytes())
                .sum();
    }

    /** Bytes of the weights that these stand in for, which are no longer read in training. */
    long replacedBytes() {
        return matrices.stream().map(base::info).mapToLong(TensorInfo::bytes).sum();
    }
}

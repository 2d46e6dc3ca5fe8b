package org.dilort.artifacts;

import java.nio.file.Path;
import java.util.Map;
import org.dilort.weights.FloatSource;
import org.dilort.weights.WeightSource;
import org.dilort.weights.WeightSourceContract;

class CheckpointSourceTest extends WeightSourceContract {
    @Override
    protected WeightSource store(Path folder, Map<String, Tensor> tensors) {
        Path file = folder.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            tensors.forEach((name, tensor) ->
                    writer.add(CheckpointRole.FROZEN, name, tensor.shape(), FloatSource.of(tensor.values())));
            writer.finish();
        }
        return CheckpointReader.open(file);
    }
}

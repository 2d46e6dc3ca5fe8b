package org.dilort.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.dilort.lora.AdaptedModel;
import org.dilort.lora.PeftAdapter;
import org.dilort.lora.PeftTensor;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.WeightType;

/**
 * Writes trained adapters as a folder in PEFT's layout, float32; what it holds is told by {@link PeftAdapter}. The same
 * input gives the same bytes; the folder is written beside and moved into place.
 */
public final class AdapterFolder {
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private AdapterFolder() {}

    /**
     * @param basePath the folder of the model, as its readers will find it
     * @param trained every parameter of the adapted model
     * @throws org.dilort.error.FormatException for a tensor that is missing, misshapen or not finite
     */
    public static void write(AdaptedModel model, Path basePath, NamedTensors trained, Path target) {
        SafetensorsWriter writer = new SafetensorsWriter(METADATA);
        for (PeftTensor tensor : PeftTensor.of(model)) {
            trained.require(
                    tensor.parameter(),
                    tensor.shape().stream().mapToLong(Long::longValue).toArray());
            writer.add(tensor.name(), WeightType.F32, tensor.shape(), trained.finiteFloats(tensor.parameter()));
        }
        ObjectNode config = FolderFiles.emptyObject();
        PeftAdapter.describe(model, basePath.toString(), config);
        try (StagedFolder folder = StagedFolder.create(target)) {
            FolderFiles.writeJson(folder.path().resolve(PeftAdapter.CONFIG), config);
            writer.write(folder.path().resolve(PeftAdapter.WEIGHTS));
            folder.commit();
        }
    }
}

package org.dilort.lora;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.MappedByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.dilort.error.FormatException;
import org.dilort.model.CausalLm;
import org.dilort.weights.FloatSink;
import org.dilort.weights.SafetensorsFile;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.TensorNames;
import org.dilort.weights.WeightSource;

/**
 * An adapter folder in PEFT's layout: {@code adapter_config.json}, see {@link PeftConfig}, and {@code
 * adapter_model.safetensors} with
 *
 * <pre>
 * base_model.model.MODULE.lora_A.weight           [r, in]
 * base_model.model.MODULE.lora_B.weight           [out, r]
 * base_model.model.MODULE.lora_magnitude_vector   [out], for DoRA
 * base_model.model.WEIGHT                         a weight that was trained whole
 * </pre>
 *
 * <p>Here the tensors have their names without the prefix, which are those of an adapted model's parameters.
 */
public final class PeftAdapter implements WeightSource {
    public static final String CONFIG = PeftConfig.FILE;
    public static final String WEIGHTS = "adapter_model.safetensors";
    static final String PREFIX = "base_model.model.";

    private final Path folder;
    private final PeftConfig config;
    private final SafetensorsFile file;
    private final Map<String, TensorInfo> tensors;

    private PeftAdapter(Path folder, PeftConfig config, SafetensorsFile file) {
        this.folder = folder;
        this.config = config;
        this.file = file;
        Map<String, TensorInfo> renamed = new LinkedHashMap<>();
        for (TensorInfo tensor : file.tensors().values()) {
            TensorInfo plain = tensor.renamed(plainName(tensor));
            renamed.put(plain.name(), plain);
        }
        this.tensors = Collections.unmodifiableMap(renamed);
    }

    public static PeftAdapter open(Path folder) {
        PeftConfig config = PeftConfig.read(folder);
        Path weights = folder.resolve(WEIGHTS);
        if (!Files.exists(weights)) {
            boolean pickled = Files.exists(folder.resolve("adapter_model.bin"));
            throw new FormatException(folder + ": no " + WEIGHTS
                    + (pickled ? "; adapter_model.bin is not read, save it as safetensors" : ""));
        }
        SafetensorsFile file = SafetensorsFile.open(weights);
        try {
            return new PeftAdapter(folder, config, file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static String plainName(TensorInfo tensor) {
        if (!tensor.name().startsWith(PREFIX)) {
            throw new FormatException(TensorNames.printable(tensor.name()) + ": expected a name that begins with "
                    + PREFIX + " (" + tensor.file() + ")");
        }
        return tensor.name().substring(PREFIX.length());
    }

    /**
     * Fills in the settings of a folder that is to be written.
     *
     * @param basePath where the readers of the folder find the model
     */
    public static void describe(AdaptedModel model, String basePath, ObjectNode config) {
        Set<String> modules = new LinkedHashSet<>();
        model.adapters().whole().forEach(weight -> modules.add(Adapters.module(weight)));
        if (model.adapters().whole().contains(PeftTensor.tiedHead(model))) {
            modules.add(Adapters.module(Adapters.HEAD));
        }
        PeftConfig.write(config, model.adapters(), ModelLayers.of(model.base()), modules, basePath);
    }

    /**
     * What the folder adapts of this model.
     *
     * @throws FormatException naming the tensor that does not fit
     */
    public Adapters adaptersOf(CausalLm base) {
        return AdapterTensors.of(this, base);
    }

    PeftConfig config() {
        return config;
    }

    /** The file of the tensors. */
    public Path weightsFile() {
        return file.location();
    }

    @Override
    public Path location() {
        return folder;
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        file.readFloats(PREFIX + info(name).name(), sink);
    }

    @Override
    public void copyBytes(String name, WritableByteChannel out) {
        file.copyBytes(PREFIX + info(name).name(), out);
    }

    @Override
    public MappedByteBuffer map(String name) {
        return file.map(PREFIX + info(name).name());
    }

    @Override
    public void close() {
        file.close();
    }
}

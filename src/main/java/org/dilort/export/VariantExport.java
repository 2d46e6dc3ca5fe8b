package org.dilort.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.artifacts.StoredWeight;
import org.dilort.error.FormatException;
import org.dilort.importer.OnnxWeights;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.StoredTensor;
import org.dilort.weights.NamedTensors;

/** Adds smaller forms of a model to its export, from the export's own float32 weights. */
public final class VariantExport {
    private VariantExport() {}

    /**
     * Writes {@code onnx/model_*.onnx} and its weights, and names them in {@code config.json} and the model card. The same export
     * gives the same bytes; what is there already is replaced.
     *
     * @throws FormatException for a folder that is no export, or not one of dil-ort's own
     */
    public static void add(Path folder, Variant variant) {
        requireExport(folder);
        CausalLm model = Architectures.read(folder);
        OnnxModelFile file = OnnxModelFile.read(folder.resolve(ExportFolder.MODEL));
        Path place = folder.resolve(ExportFolder.FOLDER);
        try (OnnxWeights weights = OnnxWeights.open(file.path(), parameters(model, file))) {
            WeightFile data = new WeightFile(variant.weights());
            Graph graph = graph(model, variant, data, weights);
            data.write(place);
            FolderFiles.write(folder.resolve(variant.file()), OnnxWriter.toBytes(graph));
        }
        nameIn(folder, variant);
        ModelCard.addHashes(folder, variant);
    }

    /** @throws FormatException for a folder that is no export */
    public static void requireExport(Path folder) {
        if (!ExportFolder.isExport(folder)) {
            throw new FormatException(folder + ": no " + ExportFolder.MODEL + ", expected an export folder");
        }
    }

    private static Map<String, StoredTensor> parameters(CausalLm model, OnnxModelFile file) {
        Map<String, StoredTensor> found = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            StoredTensor stored = file.tensors().get(parameter.name());
            if (stored == null || stored.type().dtype() != DType.FLOAT) {
                throw new FormatException(file.path() + ": no float32 weight " + parameter.name()
                        + ", expected an export that dil-ort has written");
            }
            found.put(parameter.name(), stored);
        }
        return found;
    }

    private static Graph graph(CausalLm model, Variant variant, WeightFile data, NamedTensors source) {
        if (variant == Variant.FP16) {
            ExternalWeights halves = new ExternalWeights(data, DType.FLOAT16, model, source);
            return halves.withConstantsMoved(HalfWeights.apply(ExportFolder.servingGraph(model, halves)));
        }
        ExternalWeights floats = new ExternalWeights(data, DType.FLOAT, model, source);
        Graph graph = ExportFolder.servingGraph(model, unplaced(model));
        CodedWeights coded = variant == Variant.Q4
                ? new FourBitWeights(graph, source, data)
                : new EightBitWeights(graph, source, data);
        return floats.withConstantsMoved(coded.rewrite(graph, floats));
    }

    /** Weights of which only name, type and shape matter. */
    static Function<String, StoredWeight> unplaced(CausalLm model) {
        Map<String, Parameter> parameters =
                model.parameters().stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
        return name -> {
            long elements = Objects.requireNonNull(parameters.get(name), name).elements();
            return new StoredWeight(DType.FLOAT, "none", 0, DType.FLOAT.bytesOf(elements));
        };
    }

    private static void nameIn(Path folder, Variant variant) {
        Path file = folder.resolve(CompanionFiles.CONFIG);
        ObjectNode config = FolderFiles.readObject(file);
        config.withObject("/transformers.js_config")
                .withObject("/use_external_data_format")
                .put(variant.fileName(), 1);
        if (!config.equals(FolderFiles.readObject(file)) || !Files.exists(file)) {
            FolderFiles.writeJson(file, config);
        }
    }
}

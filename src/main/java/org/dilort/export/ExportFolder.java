package org.dilort.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.dilort.artifacts.DecoderGraph;
import org.dilort.artifacts.StoredWeight;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxWriter;
import org.dilort.weights.NamedTensors;

/**
 * The serving folder that ONNX Runtime GenAI, transformers.js and Optimum all read.
 *
 * <pre>
 * config.json              of the model, with transformers.js_config
 * generation_config.json   ids of special tokens, and the model's own defaults
 * genai_config.json
 * tokenizer files, the chat template inside tokenizer_config.json and as chat_template.jinja
 * onnx/model.onnx          the decoder with its cache; onnx/model.onnx_data holds the weights, float32
 * onnx/model_q4.onnx ...   the same with smaller weights, where {@link VariantExport} has added them
 * README.md                the model card, with the hashes of the files under onnx/
 * </pre>
 *
 * The same input gives the same bytes; the folder is written beside and moved into place.
 */
public final class ExportFolder {
    /** The model's path inside an export. */
    public static final String MODEL = "onnx/model.onnx";

    static final String FOLDER = "onnx";
    private static final String GRAPH = "model.onnx";
    private static final String WEIGHTS = "model.onnx_data";
    static final String CARD = "README.md";

    private ExportFolder() {}

    /**
     * @param modelFolder where {@code config.json} and the tokenizer files are
     * @param weights every parameter of the model
     * @throws org.dilort.error.FormatException for a weight that is missing, misshapen or not finite
     */
    public static void write(Path modelFolder, NamedTensors weights, ModelCard card, Path target) {
        ConfigJson config = ConfigJson.read(modelFolder);
        CausalLm model = Architectures.of(config);
        String type = config.text("model_type", "");
        SpecialIds ids = SpecialIds.read(modelFolder);
        try (StagedFolder folder = StagedFolder.create(target)) {
            Path path = folder.path();
            writeModel(model, weights, createFolder(path.resolve(FOLDER)));
            CompanionFiles.copy(modelFolder, path);
            ChatTemplateFiles.complete(path);
            FolderFiles.writeJson(path.resolve(CompanionFiles.CONFIG), servingConfig(modelFolder));
            ObjectNode generation = generationConfig(modelFolder, ids);
            FolderFiles.writeJson(path.resolve(CompanionFiles.GENERATION_CONFIG), generation);
            FolderFiles.writeJson(path.resolve(GenaiConfig.FILE), GenaiConfig.of(type, model.size(), ids, generation));
            FileHashes hashes = FileHashes.of(path, List.of(MODEL, FOLDER + "/" + WEIGHTS));
            FolderFiles.writeText(path.resolve(CARD), card.toMarkdown(type, model.size()) + hashes.toMarkdown());
            folder.commit();
        }
    }

    /** Whether the folder has the model file of an export. */
    public static boolean isExport(Path folder) {
        return Files.isRegularFile(folder.resolve(MODEL));
    }

    private static void writeModel(CausalLm model, NamedTensors source, Path folder) {
        WeightFile file = new WeightFile(WEIGHTS);
        ExternalWeights weights = new ExternalWeights(file, DType.FLOAT, model, source);
        Graph graph = weights.withConstantsMoved(servingGraph(model, weights));
        FolderFiles.write(folder.resolve(GRAPH), OnnxWriter.toBytes(graph));
        file.write(folder);
    }

    /** The decoder in a form that other runtimes read too. */
    static Graph servingGraph(CausalLm model, Function<String, StoredWeight> weights) {
        return DirectOutputs.apply(PortableNorms.apply(DecoderGraph.build(model, weights)));
    }

    private static ObjectNode servingConfig(Path modelFolder) {
        ObjectNode config = FolderFiles.readObject(modelFolder.resolve(CompanionFiles.CONFIG));
        config.putObject("transformers.js_config")
                .putObject("use_external_data_format")
                .put(GRAPH, 1);
        return config;
    }

    private static ObjectNode generationConfig(Path modelFolder, SpecialIds ids) {
        ObjectNode generation = FolderFiles.readObject(modelFolder.resolve(CompanionFiles.GENERATION_CONFIG));
        ids.writeTo(generation);
        return generation;
    }

    private static Path createFolder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be created", e);
        }
    }
}

package org.dilort.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.RotaryConfig;
import org.dilort.model.RunLength;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;

/**
 * Writes trained weights as a Hugging Face folder: {@code config.json}, the weights in safetensors, and what the folder
 * that the model came from has of tokenizer files, {@code generation_config.json} and licences. The same input gives the
 * same bytes; the folder is written beside and moved into place.
 */
public final class HuggingFaceFolder {
    private static final String TIED_HEAD = "lm_head.weight";
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private HuggingFaceFolder() {}

    /**
     * What a run settles that its model's folder leaves open.
     *
     * @param chatTemplate what the model was tuned on; empty = that of the folder
     * @param length written into {@code config.json} where it decides the rotary factors
     */
    public record Tuned(String chatTemplate, RunLength length) {}

    /**
     * A folder like {@code input}: its tensor names, shapes, types and shards. Tensors that are no parameters of the model
     * are copied; a stored copy of a tied embedding follows the embedding.
     *
     * @throws org.dilort.error.FormatException for a trained tensor that is missing, misshapen or not finite
     */
    public static void writeLike(Path input, NamedTensors trained, Tuned tuned, Path target) {
        CausalLm model = Architectures.read(input);
        try (SafetensorsFolder original = SafetensorsFolder.open(input)) {
            SafetensorsWriter writer =
                    new SafetensorsWriter(original.metadata().isEmpty() ? METADATA : original.metadata());
            Set<String> parameters =
                    model.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
            for (TensorInfo tensor : original.tensors().values()) {
                if (parameters.contains(tensor.name())) {
                    add(writer, tensor, trained, tensor.name());
                } else if (tensor.name().equals(TIED_HEAD)) {
                    add(writer, tensor, trained, embedding(model));
                } else {
                    writer.copy(original, tensor.name());
                }
            }
            write(input, writer, original.shardPlan(), tuned, target);
        }
    }

    /** A folder for a model that began from random weights: float32, one file, every parameter under its name. */
    public static void writeNew(Path input, NamedTensors trained, Tuned tuned, Path target) {
        SafetensorsWriter writer = new SafetensorsWriter(METADATA);
        for (Parameter parameter : Architectures.read(input).parameters()) {
            long[] shape = parameter.shape().toArray();
            trained.require(parameter.name(), shape);
            List<Long> dimensions = LongStream.of(shape).boxed().toList();
            writer.add(parameter.name(), WeightType.F32, dimensions, trained.finiteFloats(parameter.name()));
        }
        write(input, writer, ShardPlan.singleFile(), tuned, target);
    }

    private static void add(SafetensorsWriter writer, TensorInfo tensor, NamedTensors trained, String from) {
        trained.require(from, tensor.shape().stream().mapToLong(Long::longValue).toArray());
        writer.add(tensor.name(), tensor.type(), tensor.shape(), trained.finiteFloats(from));
    }

    /** The table of token embeddings: every family's first parameter. */
    private static String embedding(CausalLm model) {
        return model.parameters().get(0).name();
    }

    private static void write(Path input, SafetensorsWriter writer, ShardPlan plan, Tuned tuned, Path target) {
        try (StagedFolder folder = StagedFolder.create(target)) {
            writeConfig(input, tuned.length(), folder.path());
            CompanionFiles.copy(input, folder.path());
            if (!tuned.chatTemplate().isEmpty()) {
                ChatTemplateFiles.replace(folder.path(), tuned.chatTemplate());
            }
            writer.writeFolder(folder.path(), plan);
            folder.commit();
        }
    }

    private static void writeConfig(Path input, RunLength length, Path folder) {
        Path file = folder.resolve(CompanionFiles.CONFIG);
        ConfigJson config = ConfigJson.read(input);
        if (RotaryConfig.dependsOnLength(config)) {
            FolderFiles.writeJson(file, config.root().put(RunLength.KEY, length.tokens()));
        } else {
            CompanionFiles.copyFile(input.resolve(CompanionFiles.CONFIG), file);
        }
    }
}

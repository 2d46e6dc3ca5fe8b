package org.dilort.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dilort.files.AtomicFile;
import org.dilort.importer.ImportedModel;
import org.dilort.model.Parameter;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.onnx.OnnxRewriter;
import org.dilort.onnx.StoredTensor;
import org.dilort.weights.FloatEncoder;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.WeightType;

/**
 * The folder of an ONNX model with other weights: the same graph under the same name, all weights in one file beside it,
 * and the files that its clients read as they are.
 */
public final class OnnxExport {
    private static final String DATA = "_data";
    private static final List<String> CONFIGURATIONS = List.of("config.json", "genai_config.json");

    private OnnxExport() {}

    /**
     * @param folder where the model's tokenizer and configuration are, or a folder above
     * @return the model's file inside {@code target}, at the place it has in {@code folder}
     * @throws org.dilort.error.FormatException for a weight that is not finite
     */
    public static Path write(ImportedModel model, Path folder, NamedTensors weights, Path target) {
        Path place = folder.toAbsolutePath()
                .normalize()
                .relativize(model.file().toAbsolutePath().normalize());
        try (StagedFolder staged = StagedFolder.create(target)) {
            CompanionFiles.copy(folder, staged.path());
            for (String name : CONFIGURATIONS) {
                if (Files.isRegularFile(folder.resolve(name))) {
                    CompanionFiles.copyFile(folder.resolve(name), staged.path().resolve(name));
                }
            }
            writeModel(model, weights, staged.path().resolve(place));
            staged.commit();
        }
        return target.resolve(place);
    }

    private static void writeModel(ImportedModel model, NamedTensors weights, Path file) {
        String data = file.getFileName() + DATA;
        OnnxModelFile source = OnnxModelFile.read(model.file());
        Set<String> trained = model.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        OnnxRewriter.Rewritten rewritten = OnnxRewriter.rewrite(source, trained, data);
        try {
            Files.createDirectories(file.getParent());
            FolderFiles.write(file, rewritten.model());
            try (AtomicFile out = AtomicFile.create(file.resolveSibling(data))) {
                for (Map.Entry<String, Long> place : rewritten.offsets().entrySet()) {
                    String name = place.getKey();
                    if (trained.contains(name)) {
                        writeWeight(source.tensor(name), name, weights, out, place.getValue());
                    } else if (source.tensor(name) instanceof StoredTensor.InFile elsewhere) {
                        copy(elsewhere, out.channel(), place.getValue());
                    }
                }
                out.commit();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static void writeWeight(
            StoredTensor stored, String name, NamedTensors weights, AtomicFile out, long offset) {
        long elements = stored.type().shape().elements().value();
        FloatEncoder.write(out, offset, name, WeightType.F32, elements, weights.finiteFloats(name));
    }

    private static void copy(StoredTensor.InFile tensor, FileChannel out, long offset) throws IOException {
        try (FileChannel in = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            long done = 0;
            while (done < tensor.bytes()) {
                long count = out.position(offset + done)
                        .transferFrom(in.position(tensor.offset() + done), offset + done, tensor.bytes() - done);
                if (count <= 0) {
                    throw new IOException(tensor.file() + " ends before byte " + (tensor.offset() + tensor.bytes()));
                }
                done += count;
            }
        }
    }
}

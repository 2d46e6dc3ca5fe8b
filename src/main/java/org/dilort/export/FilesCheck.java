package org.dilort.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.dilort.onnx.OnnxModelFile;
import org.dilort.onnx.StoredTensor;

/** Whether an export is whole. */
record FilesCheck(Path folder) {
    private static final List<String> REQUIRED = List.of(
            CompanionFiles.CONFIG,
            CompanionFiles.GENERATION_CONFIG,
            GenaiConfig.FILE,
            "tokenizer.json",
            CompanionFiles.TOKENIZER_CONFIG,
            ExportFolder.MODEL,
            ExportFolder.CARD);
    private static final String DATA_SUFFIX = "_data";

    String required(List<String> problems) {
        for (String name : REQUIRED) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                problems.add(folder.resolve(name) + ": missing");
            }
        }
        return REQUIRED.size() + " files";
    }

    /** Every tensor lies within its file; files are only measured. */
    String externalData(OnnxModelFile model, List<String> problems) {
        long bytes = 0;
        for (StoredTensor.InFile tensor : external(model)) {
            bytes += tensor.bytes();
        }
        for (Path file : externalFiles(model)) {
            long end = external(model).stream()
                    .filter(tensor -> tensor.file().equals(file))
                    .mapToLong(tensor -> Math.addExact(tensor.offset(), tensor.bytes()))
                    .max()
                    .orElse(0);
            if (!Files.isRegularFile(file)) {
                problems.add(file + ": missing, " + model.path() + " has tensors in it");
            } else if (size(file) < end) {
                problems.add("%s: got %d bytes, expected %d (%s)".formatted(file, size(file), end, model.path()));
            }
        }
        return external(model).size() + " tensors, " + bytes + " bytes";
    }

    /** transformers.js finds external data by the count in {@code config.json}: NAME_data, NAME_data_1 and so on. */
    String transformersJs(OnnxModelFile model, List<String> problems) {
        Path config = folder.resolve(CompanionFiles.CONFIG);
        JsonNode count = FolderFiles.readObject(config)
                .path("transformers.js_config")
                .path("use_external_data_format")
                .path(model.path().getFileName().toString());
        Set<Path> files = externalFiles(model);
        if (count.asInt() != files.size()) {
            problems.add("transformers.js_config.use_external_data_format: got %s for %s, expected %d (%s)"
                    .formatted(
                            count.isMissingNode() ? "nothing" : count,
                            model.path().getFileName(),
                            files.size(),
                            config));
        }
        for (int i = 0; i < files.size(); i++) {
            Path name = Path.of(model.path() + DATA_SUFFIX + (i == 0 ? "" : "_" + i))
                    .toAbsolutePath()
                    .normalize();
            if (!files.contains(name)) {
                problems.add("external data: got " + files + ", expected " + name + " (" + model.path() + ")");
            }
        }
        return "external data is found by name";
    }

    boolean hasTemplate() {
        return Files.exists(folder.resolve(CompanionFiles.CHAT_TEMPLATE))
                || ChatTemplateFiles.inside(folder).isPresent();
    }

    /** onnxruntime-genai and transformers.js read the template inside, transformers the one beside. */
    void template(List<String> problems) {
        Path beside = folder.resolve(CompanionFiles.CHAT_TEMPLATE);
        Optional<String> inside = ChatTemplateFiles.inside(folder);
        if (!Files.exists(beside)) {
            problems.add(beside + ": missing, expected the chat_template of " + CompanionFiles.TOKENIZER_CONFIG);
        } else if (inside.isEmpty()) {
            problems.add("chat_template: missing, expected the text of " + beside + " ("
                    + folder.resolve(CompanionFiles.TOKENIZER_CONFIG) + ")");
        } else if (!inside.get().equals(FolderFiles.readText(beside))) {
            problems.add("chat_template: got another text than " + beside + ", expected the same ("
                    + folder.resolve(CompanionFiles.TOKENIZER_CONFIG) + ")");
        }
    }

    private static List<StoredTensor.InFile> external(OnnxModelFile model) {
        return model.tensors().values().stream()
                .filter(StoredTensor.InFile.class::isInstance)
                .map(StoredTensor.InFile.class::cast)
                .filter(tensor -> !tensor.file().equals(model.path()))
                .toList();
    }

    private static Set<Path> externalFiles(OnnxModelFile model) {
        Set<Path> files = new TreeSet<>();
        external(model).forEach(tensor -> files.add(tensor.file()));
        return files;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }
}

package org.dilort.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.FormatException;
import org.dilort.files.AtomicFile;

/**
 * {@code model.safetensors.index.json}, which says which file of a folder holds which tensor.
 *
 * <pre>
 * {"metadata": {"total_size": bytes of all tensors}, "weight_map": {"TENSOR": "FILE in the same folder", ...}}
 * </pre>
 *
 * At most 100,000,000 bytes are read. A file is a plain name: no path leads out of the folder.
 */
final class SafetensorsIndex {
    static final String NAME = "model.safetensors.index.json";

    private static final String WEIGHT_MAP = "weight_map";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SafetensorsIndex() {}

    static ShardPlan read(Path path) {
        JsonNode weights = readTree(path).path(WEIGHT_MAP);
        if (!weights.isObject() || weights.isEmpty()) {
            throw new FormatException(path + ": no weight_map, expected an object of tensor names and files");
        }
        Map<String, String> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : weights.properties()) {
            String file = entry.getValue().asText();
            if (!entry.getValue().isTextual() || !ShardPlan.isPlainName(file)) {
                throw new FormatException("%s: weight_map.%s is %s, expected the name of a file in the same folder"
                        .formatted(
                                path,
                                TensorNames.printable(entry.getKey()),
                                TensorNames.printable(entry.getValue().toString())));
            }
            files.put(entry.getKey(), file);
        }
        return new ShardPlan(files);
    }

    private static JsonNode readTree(Path path) {
        try (TensorFile file = TensorFile.open(path)) {
            if (file.size() > SafetensorsHeader.MAX_LENGTH) {
                throw new FormatException(
                        "%s: %d bytes, expected at most %d".formatted(path, file.size(), SafetensorsHeader.MAX_LENGTH));
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return JSON.readTree(new String(bytes.array(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new FormatException(path + ": not valid JSON: " + TensorNames.printable(e.getOriginalMessage()), e);
        }
    }

    /** Writes what {@link #read} reads, names sorted. */
    static void write(Path path, ShardPlan plan, long totalSize) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", totalSize));
        index.put(WEIGHT_MAP, new TreeMap<>(plan.files()));
        try (AtomicFile out = AtomicFile.create(path)) {
            String json = JSON.writer(prettyPrinter()).writeValueAsString(index) + "\n";
            out.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), 0);
            out.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be written", e);
        }
    }

    /** The layout of Python's json module with an indentation of two, on every platform. */
    private static PrettyPrinter prettyPrinter() {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return printer;
    }
}

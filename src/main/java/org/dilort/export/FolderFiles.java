package org.dilort.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.FormatException;
import org.dilort.files.AtomicFile;

/** The small files of a model folder: read whole, numbers kept as they are written, brought to the disk when written. */
final class FolderFiles {
    private static final long LIMIT_BYTES = 64 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private FolderFiles() {}

    static ObjectNode emptyObject() {
        return JSON.createObjectNode();
    }

    /** The object of a JSON file; an empty one where there is no such file. */
    static ObjectNode readObject(Path file) {
        if (!Files.exists(file)) {
            return emptyObject();
        }
        try {
            JsonNode root = JSON.readTree(readBytes(file));
            if (root instanceof ObjectNode object) {
                return object;
            }
            throw new FormatException(file + ": expected a JSON object");
        } catch (JsonProcessingException e) {
            throw new FormatException(file + ": not JSON (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    static String readText(Path file) {
        return new String(readBytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > LIMIT_BYTES) {
                throw new FormatException(file + ": " + size + " bytes, expected at most " + LIMIT_BYTES);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    /** Two spaces, line feeds, as Python's json module writes it. */
    static void writeJson(Path file, ObjectNode content) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        try {
            writeText(file, JSON.writer(printer).writeValueAsString(content) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    static void writeText(Path file, String content) {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    static void write(Path file, byte[] content) {
        try (AtomicFile target = AtomicFile.create(file)) {
            target.write(ByteBuffer.wrap(content), 0);
            target.commit();
        }
    }
}

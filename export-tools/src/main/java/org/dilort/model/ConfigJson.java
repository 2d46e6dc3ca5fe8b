package org.dilort.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.FormatException;

/** A model's {@code config.json}, read key by key with the file's name in every complaint. */
public final class ConfigJson {
    private static final long LIMIT_BYTES = 4 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final ObjectNode root;
    private final String source;

    public ConfigJson(ObjectNode root, String source) {
        this.root = root.deepCopy();
        this.source = source;
    }

    public static ConfigJson read(Path modelFolder) {
        return readFile(modelFolder.resolve("config.json"));
    }

    public static ConfigJson readFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(file + ": no such file, expected a Hugging Face model folder with config.json");
        }
        try {
            if (Files.size(file) > LIMIT_BYTES) {
                throw new FormatException(file + ": " + Files.size(file) + " bytes, expected at most " + LIMIT_BYTES);
            }
            if (MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
                return new ConfigJson(object, file.toString());
            }
            throw new FormatException(file + ": expected a JSON object");
        } catch (JsonProcessingException e) {
            throw new FormatException(file + ": not JSON (" + e.getOriginalMessage() + ")", e);
        } catch (IOException e) {
            throw new FormatException(file + ": cannot be read (" + e + ")", e);
        }
    }

    /** A copy of the whole object. */
    public ObjectNode root() {
        return root.deepCopy();
    }

    public int count(String key) {
        return count(key, -1);
    }

    /** A whole number >= 1; a negative default means that the key must be there. */
    public int count(String key, int defaultValue) {
        JsonNode node = root.path(key);
        if ((node.isMissingNode() || node.isNull()) && defaultValue > 0) {
            return defaultValue;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 1) {
            throw failure(key, got(node) + ", expected a whole number >= 1");
        }
        return node.intValue();
    }

    /** A number > 0. */
    public double number(String key, double defaultValue) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return defaultValue;
        }
        if (!node.isNumber() || !(node.doubleValue() > 0)) {
            throw failure(key, got(node) + ", expected a number > 0");
        }
        return node.doubleValue();
    }

    public boolean flag(String key, boolean defaultValue) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return defaultValue;
        }
        if (!node.isBoolean()) {
            throw failure(key, got(node) + ", expected true or false");
        }
        return node.booleanValue();
    }

    public String text(String key, String defaultValue) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return defaultValue;
        }
        if (!node.isTextual()) {
            throw failure(key, got(node) + ", expected a text");
        }
        return node.textValue();
    }

    /** An object, empty where the key is absent. */
    public JsonNode object(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return MAPPER.createObjectNode();
        }
        if (!node.isObject()) {
            throw failure(key, got(node) + ", expected an object");
        }
        return node;
    }

    public FormatException failure(String key, String problem) {
        return new FormatException(key + ": " + problem + " (" + source + ")");
    }

    private static String got(JsonNode node) {
        return node.isMissingNode() ? "missing" : "got " + node;
    }
}

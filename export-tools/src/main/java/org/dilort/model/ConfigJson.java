package org.dilort.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.dilort.error.FormatException;

/** A model's {@code config.json}, read key by key with the file's name in every complaint. */
public final class ConfigJson {
    private static final long LIMIT_BYTES = 4 << 20;
    private static final int LONGEST_VALUE = 80;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ObjectNode root;
    private final String source;
    /** What stands before the keys of a section in messages: {@code rope_scaling.} */
    private final String prefix;

    public ConfigJson(ObjectNode root, String source) {
        this(root.deepCopy(), source, "");
    }

    private ConfigJson(ObjectNode root, String source, String prefix) {
        this.root = root;
        this.source = source;
        this.prefix = prefix;
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

    public boolean has(String key) {
        return !isAbsent(root.path(key));
    }

    /** Whether the key is there, and null. */
    public boolean isNull(String key) {
        return root.path(key).isNull();
    }

    /** A whole number from 1 to 2^31 - 1 that must be there. */
    public int count(String key) {
        JsonNode node = root.path(key);
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 1) {
            throw unexpected(key, "a whole number >= 1");
        }
        return node.intValue();
    }

    public int count(String key, int defaultValue) {
        return has(key) ? count(key) : defaultValue;
    }

    /** A whole number from 0 to 2^31 - 1. */
    public int countOrZero(String key, int defaultValue) {
        JsonNode node = root.path(key);
        if (isAbsent(node)) {
            return defaultValue;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < 0) {
            throw unexpected(key, "a whole number >= 0");
        }
        return node.intValue();
    }

    /** A finite number > 0 that must be there. */
    public double number(String key) {
        JsonNode node = root.path(key);
        if (!isPositive(node)) {
            throw unexpected(key, "a number > 0");
        }
        return node.doubleValue();
    }

    private static boolean isPositive(JsonNode node) {
        return node.isNumber() && node.doubleValue() > 0 && !Double.isInfinite(node.doubleValue());
    }

    /** Finite numbers > 0 that must be there. */
    public List<Double> numbers(String key) {
        return list(key, "a list of numbers > 0", ConfigJson::isPositive, JsonNode::doubleValue);
    }

    /** A list of 0 and 1 that must be there. */
    public List<Integer> zerosAndOnes(String key) {
        return list(key, "a list of 0 and 1", ConfigJson::isBit, JsonNode::intValue);
    }

    private static boolean isBit(JsonNode node) {
        return node.isInt() && (node.intValue() == 0 || node.intValue() == 1);
    }

    /** Texts that must be there. */
    public List<String> texts(String key) {
        return list(key, "a list of texts", JsonNode::isTextual, JsonNode::textValue);
    }

    private <T> List<T> list(String key, String expected, Predicate<JsonNode> fits, Function<JsonNode, T> value) {
        JsonNode node = root.path(key);
        List<T> values = new ArrayList<>();
        for (JsonNode element : node) {
            if (!fits.test(element)) {
                throw unexpected(key, expected);
            }
            values.add(value.apply(element));
        }
        if (!node.isArray()) {
            throw unexpected(key, expected);
        }
        return values;
    }

    public double number(String key, double defaultValue) {
        return has(key) ? number(key) : defaultValue;
    }

    public boolean flag(String key, boolean defaultValue) {
        JsonNode node = root.path(key);
        if (isAbsent(node)) {
            return defaultValue;
        }
        if (!node.isBoolean()) {
            throw unexpected(key, "true or false");
        }
        return node.booleanValue();
    }

    public String text(String key, String defaultValue) {
        JsonNode node = root.path(key);
        if (isAbsent(node)) {
            return defaultValue;
        }
        if (!node.isTextual()) {
            throw unexpected(key, "a text");
        }
        return node.textValue();
    }

    /** An object of its own, empty where the key is absent. */
    public ConfigJson section(String key) {
        JsonNode node = root.path(key);
        String inside = prefix + key + ".";
        if (isAbsent(node)) {
            return new ConfigJson(MAPPER.createObjectNode(), source, inside);
        }
        if (!(node instanceof ObjectNode object)) {
            throw unexpected(key, "an object");
        }
        return new ConfigJson(object, source, inside);
    }

    /** The objects inside this one. */
    public List<ConfigJson> sections() {
        return root.properties().stream()
                .filter(entry -> entry.getValue().isObject())
                .map(entry -> section(entry.getKey()))
                .toList();
    }

    /** A complaint about what {@code key} holds. */
    public FormatException unexpected(String key, String expected) {
        JsonNode node = root.path(key);
        String text = node.toString();
        String shown = text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
        return failure(key, (node.isMissingNode() ? "missing" : "got " + shown) + ", expected " + expected);
    }

    public FormatException failure(String key, String problem) {
        return new FormatException(prefix + key + ": " + problem + " (" + source + ")");
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}

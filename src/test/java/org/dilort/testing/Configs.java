package org.dilort.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dilort.model.ConfigJson;

/** A {@code config.json} from a text in a test. */
public final class Configs {
    /** What complaints name as the file. */
    public static final String FILE = "model/config.json";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Configs() {}

    public static ConfigJson of(String json) {
        return new ConfigJson(object(json), FILE);
    }

    /** The object {@code base} with the keys of {@code changes} over its own. */
    public static ConfigJson of(String base, String changes) {
        ObjectNode root = object(base);
        object(changes).properties().forEach(entry -> root.set(entry.getKey(), entry.getValue()));
        return new ConfigJson(root, FILE);
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}

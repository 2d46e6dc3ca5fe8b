package org.dilort.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.dilort.error.ConfigException;

/** Binds a checked tree, completed by the defaults, to the records, and names the key and the place of what they refuse. */
final class Binder {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .addModule(Scalars.module())
            .build();

    private Binder() {}

    static Config bind(ConfigTree tree) {
        try {
            return MAPPER.treeToValue(Defaults.complete(tree.root()), Config.class);
        } catch (JsonMappingException e) {
            throw explain(e, tree);
        } catch (JsonProcessingException e) {
            throw new ConfigException(tree.name() + ": " + e.getOriginalMessage(), e);
        }
    }

    private static ConfigException explain(JsonMappingException e, ConfigTree tree) {
        String section = "";
        for (JsonMappingException.Reference reference : e.getPath()) {
            String name = reference.getFieldName();
            section = ConfigTree.join(section, name == null ? String.valueOf(reference.getIndex()) : name);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidValueException invalid) {
                String key = tree.written(ConfigTree.join(section, invalid.key()));
                return tree.wrong(key, tree.got(key, invalid.got()), invalid.expected());
            }
        }
        String key = tree.written(section);
        return tree.wrong(key, tree.got(key, "nothing"), "a value of another kind");
    }
}

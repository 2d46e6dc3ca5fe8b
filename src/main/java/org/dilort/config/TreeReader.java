package org.dilort.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.dilort.error.ConfigException;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads YAML or JSON into a tree of texts and notes the line of every key. Types are not guessed here ({@code 5e-7} is a
 * text for YAML), the key that a text is for decides. Refuses what would be ignored or doubtful: duplicate keys, aliases,
 * tags, a second document.
 */
final class TreeReader {
    private static final int MAX_DEPTH = 50;

    private final JsonParser parser;
    private final String name;
    private final IntFunction<String> place;
    private final Map<String, String> places = new LinkedHashMap<>();

    private TreeReader(JsonParser parser, String name, IntFunction<String> place) {
        this.parser = parser;
        this.name = name;
        this.place = place;
    }

    /** A whole file; the root is a mapping. */
    static ConfigTree readFile(String name, String text, boolean json) {
        TreeReader reader = new TreeReader(parser(text, json), name, line -> name + " line " + line);
        JsonNode root = reader.readDocument("");
        if (!(root instanceof ObjectNode mapping)) {
            throw new ConfigException(name + ": got " + ConfigTree.describe(root)
                    + ", expected a mapping of keys such as model and data");
        }
        return new ConfigTree(name, mapping, reader.places);
    }

    /** A list, mapping or quoted text of an override; the places of its keys go to {@code places}. */
    static JsonNode readValue(String name, String key, String text, Map<String, String> places) {
        TreeReader reader = new TreeReader(parser(text, false), name, line -> name);
        JsonNode value = reader.readDocument(key);
        places.putAll(reader.places);
        return value;
    }

    private static JsonParser parser(String text, boolean json) {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build();
        try {
            if (json) {
                return JsonFactory.builder()
                        .streamReadConstraints(constraints)
                        .build()
                        .createParser(text);
            }
            LoaderOptions options = new LoaderOptions();
            options.setNestingDepthLimit(MAX_DEPTH);
            options.setCodePointLimit(Math.max(1, text.length()));
            return YAMLFactory.builder()
                    .loaderOptions(options)
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    .build()
                    .createParser(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode readDocument(String key) {
        try (parser) {
            if (parser.nextToken() == null) {
                throw new ConfigException(name + ": empty, expected a mapping of keys such as model and data");
            }
            JsonNode node = readNode(key);
            if (parser.nextToken() != null) {
                throw refuse("a second document", "one document");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new ConfigException(syntaxError(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode readNode(String key) throws IOException {
        refuseAliasesAndTags(key);
        return switch (parser.currentToken()) {
            case START_OBJECT -> readMapping(key);
            case START_ARRAY -> readList(key);
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            default -> JsonNodeFactory.instance.textNode(parser.getText());
        };
    }

    private ObjectNode readMapping(String section) throws IOException {
        ObjectNode mapping = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String segment = parser.currentName();
            String key = ConfigTree.join(section, segment);
            if (segment.isEmpty() || segment.contains(".")) {
                throw refuse("key \"" + ConfigTree.shorten(segment) + "\"", "nested keys; dots are for --set");
            }
            if (mapping.has(segment)) {
                throw new ConfigException(
                        "key " + key + " is given twice (" + here() + "; first: " + places.get(key) + ")");
            }
            places.put(key, here());
            parser.nextToken();
            mapping.set(segment, readNode(key));
        }
        return mapping;
    }

    private ArrayNode readList(String key) throws IOException {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String entry = ConfigTree.join(key, String.valueOf(list.size()));
            places.put(entry, here());
            list.add(readNode(entry));
        }
        return list;
    }

    private void refuseAliasesAndTags(String key) throws IOException {
        if (!(parser instanceof YAMLParser yaml)) {
            return;
        }
        if (yaml.isCurrentAlias()) {
            throw refuse("alias *" + yaml.getText() + " for " + key, "the value itself");
        }
        if (yaml.getTypeId() != null) {
            throw refuse("tag !" + yaml.getTypeId() + " for " + key, "a value without tag");
        }
    }

    private ConfigException refuse(String got, String expected) {
        return new ConfigException("got " + got + ", expected " + expected + " (" + here() + ")");
    }

    private String here() {
        return place.apply(parser.currentTokenLocation().getLineNr());
    }

    private String syntaxError(JsonProcessingException e) {
        String problem = e.getOriginalMessage().lines().findFirst().orElse("unknown");
        String where =
                e.getLocation() == null ? name : place.apply(e.getLocation().getLineNr());
        return "not valid " + (parser instanceof YAMLParser ? "YAML" : "JSON") + ": " + problem + " (" + where + ")";
    }
}

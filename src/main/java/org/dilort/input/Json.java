package org.dilort.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/** How JSON is read wherever it stands: nested to a depth, no key twice, names not kept for ever. */
public final class Json {
    private static final int MAX_NESTING = 100;

    private Json() {}

    /** @param limitBytes bound of a text inside, at least */
    public static ObjectMapper mapper(int limitBytes) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxStringLength(limitBytes)
                .maxNestingDepth(MAX_NESTING)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(constraints)
                .build();
        return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** The value that a text spells out, nothing where it spells out none; within the limits of a row. */
    public static Optional<JsonNode> read(String text) {
        try {
            return Optional.of(mapper(InputFile.ROW_LIMIT_BYTES).readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The parser's words on one line, without the control characters that a damaged file may bring in. */
    public static String reason(JsonProcessingException e) {
        String words = e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\s*\\(start marker at \\[.*?\\]\\)", "")
                .replaceAll("\\p{Cntrl}", "?");
        return e.getLocation() == null
                ? words
                : words + " (column " + e.getLocation().getColumnNr() + ")";
    }

    /** What a value is, in words that fit an error. */
    static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case NULL, MISSING -> "nothing";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "a value";
        };
    }
}

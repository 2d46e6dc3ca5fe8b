package org.dilort.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/**
 * A JSON document, read element by element: a list of rows; an object that has such a list under {@code data},
 * {@code rows}, {@code train}, {@code examples} or {@code instances}; or objects one after the other, each a row. The
 * rows of a data set server, {@code {"row_idx": 0, "row": {...}}}, are unwrapped.
 */
final class JsonDocumentReader implements RowReader {
    private static final Set<String> LISTS = Set.of("data", "rows", "train", "examples", "instances");

    private final Path file;
    private final RowLimit in;
    private final ObjectMapper json;
    private long line = 1;
    private long rows;

    JsonDocumentReader(Path file, InputStream in, int limitBytes) {
        this.file = file;
        this.in = new RowLimit(in, limitBytes);
        this.json = Json.mapper(limitBytes).disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        // A buffer that a longer text has used before would read ahead by its length, and count that for one row.
        json.getFactory().setRecyclerPool(JsonRecyclerPools.nonRecyclingPool());
    }

    /** Whether an object is one around a list of rows. */
    static boolean isWrapper(JsonNode object) {
        return LISTS.stream().anyMatch(name -> object.path(name).path(0).isObject());
    }

    @Override
    public void read(Consumer<? super InputRow> sink) throws IOException {
        try (JsonParser parser = json.createParser(in)) {
            while (next(parser) != null) {
                switch (parser.currentToken()) {
                    case START_ARRAY -> readList(parser, sink);
                    case START_OBJECT -> readObject(parser, sink);
                    default -> throw new DataException(here(parser) + ": got a single value, expected a list of rows");
                }
            }
        } catch (JsonProcessingException e) {
            throw new DataException(new SourceLine(file, lineOf(e)) + ": not JSON: " + Json.reason(e), e);
        } catch (RowTooLongException e) {
            throw new DataException(new SourceLine(file, line, rows + 1) + ": " + e.getMessage(), e);
        }
    }

    private void readList(JsonParser parser, Consumer<? super InputRow> sink) throws IOException {
        while (next(parser) != JsonToken.END_ARRAY) {
            long start = line;
            accept(parser.<JsonNode>readValueAsTree(), start, sink);
        }
    }

    /** An object around a list of rows, or a row itself; only what has been read tells which. */
    private void readObject(JsonParser parser, Consumer<? super InputRow> sink) throws IOException {
        long start = line;
        boolean wrapper = false;
        ObjectNode own = json.createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (parser.currentToken() == JsonToken.START_ARRAY && LISTS.contains(name)) {
                readList(parser, sink);
                wrapper = true;
            } else if (wrapper) {
                skip(parser);
            } else {
                own.set(name, parser.<JsonNode>readValueAsTree());
            }
        }
        if (!wrapper) {
            accept(own, start, sink);
        }
    }

    /** Passes over a value of whatever length. */
    private void skip(JsonParser parser) throws IOException {
        int depth = 0;
        do {
            in.restart();
            depth += parser.currentToken().isStructStart()
                    ? 1
                    : parser.currentToken().isStructEnd() ? -1 : 0;
        } while (depth > 0 && parser.nextToken() != null);
    }

    private void accept(JsonNode element, long start, Consumer<? super InputRow> sink) {
        rows++;
        boolean served = element.has("row_idx") && element.path("row").isObject();
        sink.accept(new InputRow(served ? element.get("row") : element, new SourceLine(file, start, rows)));
    }

    private JsonToken next(JsonParser parser) throws IOException {
        in.restart();
        JsonToken token = parser.nextToken();
        line = parser.currentTokenLocation().getLineNr();
        return token;
    }

    private SourceLine here(JsonParser parser) {
        return new SourceLine(file, parser.currentTokenLocation().getLineNr());
    }

    private long lineOf(JsonProcessingException e) {
        return e.getLocation() == null ? line : Math.max(1, e.getLocation().getLineNr());
    }
}

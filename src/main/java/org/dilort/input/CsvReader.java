package org.dilort.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/**
 * Comma-separated values as RFC 4180 has them, UTF-8 with or without byte order mark: a line of column names, then rows;
 * quoted cells may hold commas, doubled quotes and line ends. An empty cell without quotes is absent. A cell that is a
 * JSON list of messages, or in a column {@code *_ids} of numbers, is read as that list.
 */
final class CsvReader implements RowReader {
    private static final int MAX_COLUMNS = 10_000;

    private final Path file;
    private final RowLimit in;
    private final int limitBytes;
    private final ObjectMapper json;
    private long line = 1;

    CsvReader(Path file, InputStream in, int limitBytes) {
        this.file = file;
        this.in = new RowLimit(in, limitBytes);
        this.limitBytes = limitBytes;
        this.json = Json.mapper(limitBytes);
    }

    @Override
    public void read(Consumer<? super InputRow> sink) throws IOException {
        try (CsvParser parser = factory().createParser(text())) {
            List<String> columns = columns(parser);
            while (parser.nextToken() != null) {
                line = parser.currentLocation().getLineNr();
                in.restart();
                ArrayNode cells = cells(parser, columns.size());
                if (!isEmptyLine(cells)) {
                    sink.accept(row(columns, cells, new SourceLine(file, line)));
                }
            }
        } catch (JsonProcessingException e) {
            throw new DataException(new SourceLine(file, line) + ": not CSV: " + Json.reason(e), e);
        } catch (RowTooLongException e) {
            throw new DataException(new SourceLine(file, line) + ": row " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new DataException(new SourceLine(file, line) + ": not UTF-8 from this row on", e);
        }
    }

    private CsvFactory factory() {
        return CsvFactory.builder()
                .enable(CsvParser.Feature.EMPTY_UNQUOTED_STRING_AS_NULL)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(limitBytes)
                        .build())
                .build();
    }

    private Reader text() throws IOException {
        Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }

    private List<String> columns(CsvParser parser) throws IOException {
        List<String> columns = new ArrayList<>();
        if (parser.nextToken() != null) {
            cells(parser, MAX_COLUMNS)
                    .forEach(name -> columns.add(name.asText("").strip()));
        }
        if (columns.contains("") || new HashSet<>(columns).size() < columns.size()) {
            throw new DataException(new SourceLine(file, 1) + ": got column names " + columns
                    + ", expected a different name for each column");
        }
        return columns;
    }

    /** The cells of the row that has begun, null where one is absent. */
    private ArrayNode cells(CsvParser parser, int most) throws IOException {
        ArrayNode cells = json.createArrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (cells.size() == most) {
                throw new DataException(
                        new SourceLine(file, line) + ": more than " + most + " cells, expected one for each column");
            }
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                cells.addNull();
            } else {
                cells.add(parser.getText());
            }
        }
        return cells;
    }

    private static boolean isEmptyLine(ArrayNode cells) {
        return cells.size() == 1 && cells.get(0).isNull();
    }

    private InputRow row(List<String> columns, ArrayNode cells, SourceLine source) {
        if (cells.size() != columns.size()) {
            return InputRow.broken(
                    source, "got " + cells.size() + " cells, expected " + columns.size() + ": " + columns);
        }
        ObjectNode row = json.createObjectNode();
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).isTextual()) {
                row.set(columns.get(i), value(columns.get(i), cells.get(i)));
            }
        }
        return new InputRow(row, source);
    }

    /** The list that a cell spells out, or the cell. */
    private JsonNode value(String column, JsonNode cell) {
        String text = cell.textValue().strip();
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return cell;
        }
        try {
            JsonNode list = json.readTree(text);
            return column.endsWith("_ids") || list.path(0).has("role") ? list : cell;
        } catch (JsonProcessingException e) {
            return cell;
        }
    }
}

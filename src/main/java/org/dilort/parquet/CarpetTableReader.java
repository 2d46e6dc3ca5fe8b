package org.dilort.parquet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.dilort.error.DataException;
import org.dilort.input.InputRow;
import org.dilort.input.SourceLine;
import org.dilort.input.TableReader;
import org.jspecify.annotations.Nullable;

/** Reads every column of a Parquet file, row by row. */
public final class CarpetTableReader implements TableReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    @SuppressWarnings("rawtypes")
    public void read(Path file, Consumer<? super InputRow> sink) {
        CarpetReader<Map> reader = new CarpetReader<>(file.toFile(), Map.class);
        try (CloseableIterator<Map> rows = open(file, reader)) {
            for (long number = 1; rows.hasNext(); number++) {
                SourceLine source = SourceLine.row(file, number);
                sink.accept(new InputRow(next(source, rows), source));
            }
        } catch (IOException e) {
            throw new DataException(file + ": not readable: " + e.getMessage(), e);
        }
    }

    private static <T> CloseableIterator<T> open(Path file, CarpetReader<T> reader) {
        try {
            return reader.iterator();
        } catch (RuntimeException e) {
            throw damaged(file.toString(), e);
        }
    }

    private static JsonNode next(SourceLine source, CloseableIterator<?> rows) {
        try {
            return node(rows.next());
        } catch (RuntimeException e) {
            throw damaged(source.toString(), e);
        }
    }

    /** The library has no exception of its own for a file that is not what it says. */
    private static DataException damaged(String place, RuntimeException e) {
        String words =
                String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return new DataException(place + ": not Parquet that can be read: " + words, e);
    }

    private static JsonNode node(@Nullable Object value) {
        if (value == null) {
            return JSON.nullNode();
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.objectNode();
            map.forEach((name, field) -> object.set(String.valueOf(name), node(field)));
            return object;
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.arrayNode(list.size());
            list.forEach(element -> array.add(node(element)));
            return array;
        }
        return scalar(value);
    }

    private static JsonNode scalar(Object value) {
        if (value instanceof Boolean truth) {
            return JSON.booleanNode(truth);
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return JSON.numberNode(((Number) value).longValue());
        }
        if (value instanceof BigDecimal decimal) {
            return JSON.numberNode(decimal);
        }
        if (value instanceof Number number) {
            return JSON.numberNode(number.doubleValue());
        }
        return JSON.textNode(value.toString());
    }
}

package org.dilort.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.FormatException;

/** Reads the JSON of a {@link SafetensorsHeader} token by token and checks each tensor by itself. */
final class SafetensorsHeaderParser {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path path;
    private final JsonParser json;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new TreeMap<>();

    private SafetensorsHeaderParser(Path path, JsonParser json) {
        this.path = path;
        this.json = json;
    }

    /** One tensor as the header gives it, with {@code 0 <= begin <= end} and a length that fits type and shape. */
    record Entry(String name, WeightType type, List<Long> shape, long begin, long end) {
        TensorInfo toTensor(Path path, long dataStart) {
            return new TensorInfo(name, type, shape, path, dataStart + begin, end - begin);
        }
    }

    /** Entries in the order of the header, which need not be that of the data. */
    record Parsed(List<Entry> entries, Map<String, String> metadata) {}

    /** @param header begins with '{' */
    static Parsed parse(Path path, byte[] header) {
        Reader text = new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser json = JSON.createParser(text)) {
            SafetensorsHeaderParser parser = new SafetensorsHeaderParser(path, json);
            parser.readHeader();
            return new Parsed(parser.entries, parser.metadata);
        } catch (CharacterCodingException e) {
            throw new FormatException(path + ": the header is not valid UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new FormatException(
                    path + ": the header is not valid JSON: " + TensorNames.printable(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new FormatException(path + ": the header cannot be read: " + e, e);
        }
    }

    private void readHeader() throws IOException {
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            require(JsonToken.START_OBJECT, name, "an object");
            if (name.equals(SafetensorsHeader.METADATA)) {
                readMetadata();
            } else {
                entries.add(readEntry(name));
            }
            if (entries.size() > SafetensorsHeader.MAX_TENSORS) {
                throw new FormatException(path + ": more than " + SafetensorsHeader.MAX_TENSORS + " tensors");
            }
        }
        if (json.nextToken() != null) {
            throw new FormatException(path + ": the header goes on after its JSON object");
        }
    }

    private void readMetadata() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            require(JsonToken.VALUE_STRING, SafetensorsHeader.METADATA + "." + key, "a string");
            metadata.put(key, json.getText());
        }
    }

    private Entry readEntry(String name) throws IOException {
        String type = "";
        List<Long> shape = List.of();
        List<Long> offsets = List.of();
        boolean shaped = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            switch (json.currentName()) {
                case "dtype" -> {
                    require(JsonToken.VALUE_STRING, name + ".dtype", "a string");
                    type = json.getText();
                }
                case "shape" -> {
                    shape = readIntegers(name + ".shape");
                    shaped = true;
                }
                case "data_offsets" -> offsets = readIntegers(name + ".data_offsets");
                default -> {
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        if (!shaped) {
            throw wrong(name, "no shape");
        }
        return checkedEntry(name, type(name, type), shape, offsets);
    }

    private Entry checkedEntry(String name, WeightType type, List<Long> shape, List<Long> offsets) {
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw wrong(name, "data_offsets " + offsets + ", expected [begin, end]");
        }
        long bytes = offsets.get(1) - offsets.get(0);
        long expected;
        try {
            expected = type.bytes(shape);
        } catch (ArithmeticException e) {
            throw wrong(name, "shape " + shape + " is impossible for " + type);
        }
        if (bytes != expected) {
            throw wrong(name, "%d bytes of data, expected %d for %s %s".formatted(bytes, expected, type, shape));
        }
        return new Entry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private WeightType type(String name, String dtype) {
        for (WeightType type : WeightType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw wrong(name, dtype.isEmpty() ? "no dtype" : "unknown dtype " + dtype);
    }

    private List<Long> readIntegers(String where) throws IOException {
        require(JsonToken.START_ARRAY, where, "an array");
        List<Long> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
                throw wrong(where, "got " + json.getText() + ", expected integers of 0 or more");
            }
            if (values.size() == SafetensorsHeader.MAX_RANK) {
                throw wrong(where, "more than " + SafetensorsHeader.MAX_RANK + " numbers");
            }
            values.add(json.getLongValue());
        }
        return values;
    }

    private void require(JsonToken expected, String where, String description) throws IOException {
        if (json.nextToken() != expected) {
            throw wrong(where, "got " + json.getText() + ", expected " + description);
        }
    }

    private FormatException wrong(String where, String what) {
        return new FormatException(
                "%s: %s (%s)".formatted(TensorNames.printable(where), TensorNames.printable(what), path));
    }
}

package org.dilort.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.FormatException;

/**
 * The header of a safetensors file, read and checked before anything else is.
 *
 * <pre>
 * bytes 0..7      N, the length of the header, unsigned 64-bit little-endian; at most 100,000,000
 * bytes 8..8+N-1  header: one JSON object in UTF-8, begins with '{', may be padded with spaces at its end
 *   "__metadata__": {"key": "value", ...}                                        optional, strings only
 *   "NAME": {"dtype": "F32", "shape": [d, ...], "data_offsets": [begin, end]}    for each tensor, at most 262,144
 * bytes 8+N..end  data; begin and end count from here
 * </pre>
 *
 * Data is little-endian and row-major. In the order of their offsets the tensors leave no gap, do not overlap, and end
 * where the file ends. A length is always that of dtype and shape; an empty shape is a scalar, and a dimension may be 0.
 * A shape has at most 64 dimensions. No key occurs twice. Unknown keys of a tensor are ignored. What breaks a rule is a
 * {@link FormatException}; nothing is allocated on the word of the file beyond its own size.
 *
 * @param tensors in the order of their data
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    static final int MAX_LENGTH = 100_000_000;
    static final int MAX_TENSORS = 1 << 18;
    static final int MAX_RANK = 64;
    static final int LENGTH_BYTES = 8;

    static SafetensorsHeader read(TensorFile file) {
        byte[] json = readJson(file);
        SafetensorsHeaderParser.Parsed parsed = SafetensorsHeaderParser.parse(file.path(), json);
        Map<String, TensorInfo> tensors =
                layout(file.path(), parsed.entries(), LENGTH_BYTES + json.length, file.size());
        return new SafetensorsHeader(tensors, Collections.unmodifiableMap(parsed.metadata()));
    }

    private static byte[] readJson(TensorFile file) {
        if (file.size() < LENGTH_BYTES) {
            throw new FormatException("%s: %d bytes, expected a safetensors file of at least %d"
                    .formatted(file.path(), file.size(), LENGTH_BYTES));
        }
        ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(prefix, 0);
        long length = prefix.getLong();
        if (length < 0 || length > MAX_LENGTH) {
            throw new FormatException("%s: header length %s, expected at most %d; this is no safetensors file"
                    .formatted(file.path(), Long.toUnsignedString(length), MAX_LENGTH));
        }
        if (length > file.size() - LENGTH_BYTES) {
            throw new FormatException("%s: header length %d, but only %d bytes follow; the file is truncated"
                    .formatted(file.path(), length, file.size() - LENGTH_BYTES));
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        file.read(json, LENGTH_BYTES);
        if (length == 0 || json.get(0) != '{') {
            throw new FormatException(
                    file.path() + ": the header does not begin with '{'; this is no safetensors file");
        }
        return json.array();
    }

    /** Checks that the tensors tile the data exactly. */
    private static Map<String, TensorInfo> layout(
            Path path, List<SafetensorsHeaderParser.Entry> entries, long dataStart, long fileSize) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        long end = 0;
        entries.sort(Comparator.comparingLong(SafetensorsHeaderParser.Entry::begin)
                .thenComparingLong(SafetensorsHeaderParser.Entry::end));
        for (SafetensorsHeaderParser.Entry entry : entries) {
            if (entry.begin() != end) {
                throw new FormatException("%s: data begins at %d, expected %d, the end of the data before it (%s)"
                        .formatted(TensorNames.printable(entry.name()), entry.begin(), end, path));
            }
            end = entry.end();
            if (end > fileSize - dataStart) {
                throw truncated(
                        path,
                        fileSize - dataStart,
                        entries.get(entries.size() - 1).end());
            }
            tensors.put(entry.name(), entry.toTensor(path, dataStart));
        }
        if (end < fileSize - dataStart) {
            throw new FormatException("%s: %d bytes of data, expected %d; the rest belongs to no tensor"
                    .formatted(path, fileSize - dataStart, end));
        }
        return Collections.unmodifiableMap(tensors);
    }

    private static FormatException truncated(Path path, long present, long expected) {
        return new FormatException(
                "%s: %d bytes of data, expected %d; the file is truncated".formatted(path, present, expected));
    }
}

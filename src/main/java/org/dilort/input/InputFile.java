package org.dilort.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.dilort.error.DataException;
import org.dilort.files.DurableFiles;

/**
 * A file of rows in whatever format.
 *
 * <p>Compression is told by the first bytes. The format is told by the name where it says {@code .jsonl}, {@code .csv}
 * or {@code .parquet}, else by the content: JSON lines where the first line is an object of its own, otherwise one JSON
 * document.
 */
public final class InputFile {
    /** Bound of one row in bytes, of whatever format with lines. */
    public static final int ROW_LIMIT_BYTES = 16 << 20;

    private static final int LOOK_AHEAD_BYTES = 1 << 16;
    private static final int PARQUET_MAGIC = 0x50415231;

    private final Path path;
    private final Compression compression;
    private final InputFormat format;
    private final int limitBytes;

    private InputFile(Path path, Compression compression, InputFormat format, int limitBytes) {
        this.path = path;
        this.compression = compression;
        this.format = format;
        this.limitBytes = limitBytes;
    }

    /** Recognises a file; one that is empty holds JSON lines, none of them. */
    public static InputFile of(Path path) {
        return of(path, ROW_LIMIT_BYTES);
    }

    static InputFile of(Path path, int limitBytes) {
        byte[] start;
        try (InputStream in = open(path)) {
            start = in.readNBytes(Compression.MAGIC_BYTES);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        int magic = start.length < Integer.BYTES ? 0 : ByteBuffer.wrap(start).getInt();
        Compression compression = Compression.of(magic);
        Optional<InputFormat> named = magic == PARQUET_MAGIC ? Optional.of(InputFormat.PARQUET) : FileName.format(path);
        InputFormat format = named.orElseGet(() -> sniff(path, compression));
        return new InputFile(path, compression, format, limitBytes);
    }

    public Path path() {
        return path;
    }

    /** Format and compression for people: {@code JSON lines, gzip}. */
    public String description() {
        return format.label() + (compression == Compression.NONE ? "" : ", " + compression.label());
    }

    /**
     * Hands over every row, in order, without holding more than one.
     *
     * @throws DataException naming the place of what is wrong
     */
    public void read(Consumer<? super InputRow> sink) {
        if (format == InputFormat.PARQUET) {
            Parquet.read(path, sink);
            return;
        }
        try (InputStream in = content(path, compression)) {
            reader(in).read(sink);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private RowReader reader(InputStream in) {
        return switch (format) {
            case JSON_LINES -> new JsonLinesReader(path, in, limitBytes);
            case JSON -> new JsonDocumentReader(path, in, limitBytes);
            case CSV -> new CsvReader(path, in, limitBytes);
            case PARQUET -> throw new IllegalStateException("Parquet has no stream");
        };
    }

    private static InputStream content(Path path, Compression compression) throws IOException {
        InputStream in = new BufferedInputStream(open(path), LOOK_AHEAD_BYTES);
        if (compression == Compression.NONE) {
            return in;
        }
        try {
            return new BoundedInflation(path, compression.inflate(in), Files.size(path));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static InputFormat sniff(Path path, Compression compression) {
        try (InputStream in = content(path, compression)) {
            return sniff(in.readNBytes(LOOK_AHEAD_BYTES));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static InputFormat sniff(byte[] start) {
        String text = new String(start, StandardCharsets.UTF_8).replaceFirst("^[\uFEFF\\s]+", "");
        if (!text.startsWith("{")) {
            return text.startsWith("[") ? InputFormat.JSON : InputFormat.JSON_LINES;
        }
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        boolean cut = end < 0 && start.length == LOOK_AHEAD_BYTES;
        return isRow(line) || cut ? InputFormat.JSON_LINES : InputFormat.JSON;
    }

    /** Whether a line is an object by itself, and not one around a list of objects. */
    private static boolean isRow(String line) {
        try {
            JsonNode object = Json.mapper(LOOK_AHEAD_BYTES).readTree(line);
            return !JsonDocumentReader.isWrapper(object);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static InputStream open(Path path) {
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static DataException unreadable(Path path, IOException e) {
        return new DataException(path + ": not readable: " + DurableFiles.reason(e), e);
    }
}

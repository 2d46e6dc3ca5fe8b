package org.dilort.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.dilort.error.DataException;
import org.dilort.files.DurableFiles;
import org.dilort.input.InputFile;
import org.dilort.input.InputFiles;
import org.dilort.input.InputRow;

/** Texts of files: a row's field each of JSON, CSV and Parquet files, else the whole file. */
public final class TextDocuments {
    private static final long LIMIT_BYTES = 64 << 20;
    private static final List<String> ROWS =
            List.of(".jsonl", ".ndjson", ".json", ".csv", ".parquet", ".gz", ".gzip", ".zst", ".zstd");

    private TextDocuments() {}

    /**
     * Hands over every text, in order, without holding more than one.
     *
     * @param field of the text in a row
     * @throws DataException naming file and line of what is wrong
     */
    public static void read(Path path, String field, Consumer<String> sink) {
        for (Path file : InputFiles.expand(path)) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            if (ROWS.stream().anyMatch(name::endsWith)) {
                InputFile.of(file).read(row -> sink.accept(text(row, field)));
            } else {
                sink.accept(whole(file));
            }
        }
    }

    private static String text(InputRow row, String field) {
        if (!row.problem().isEmpty()) {
            throw new DataException(row.source() + ": " + row.problem());
        }
        JsonNode text = row.fields().path(field);
        if (!text.isTextual()) {
            throw new DataException(row.source() + ": " + field + ": got "
                    + (text.isMissingNode()
                            ? "nothing"
                            : text.getNodeType().name().toLowerCase(Locale.ROOT))
                    + ", expected a text");
        }
        return text.textValue();
    }

    private static String whole(Path file) {
        try {
            long size = Files.size(file);
            if (size > LIMIT_BYTES) {
                throw new DataException(file + ": " + size + " bytes, expected at most " + LIMIT_BYTES
                        + " of one text, or JSON lines with a document each");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new DataException(file + ": not UTF-8", e);
        } catch (IOException e) {
            throw new DataException(file + ": not readable: " + DurableFiles.reason(e), e);
        }
    }
}

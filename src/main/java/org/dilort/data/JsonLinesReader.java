package org.dilort.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/**
 * Reads preference files of JSON lines: one object a line, UTF-8, blank lines skipped, other columns ignored.
 *
 * <pre>{@code
 * {"prompt": "2+2=", "chosen": "4", "rejected": "5"}
 * {"prompt": [{"role": "user", "content": "2+2?"}], "chosen": [...], "rejected": [...]}
 * {"chosen": [...], "rejected": [...]}            the prompt is what both begin with
 * {"prompt_ids": [1, 5], "chosen_ids": [7, 2], "rejected_ids": [8, 2]}
 * }</pre>
 *
 * Everything else is a {@link DataException} with file and line. A {@code null} counts as absent.
 */
public final class JsonLinesReader {
    static final int LINE_LIMIT_BYTES = 64 << 20;
    private static final int MAX_NESTING = 100;

    private final ObjectMapper json;
    private final ExampleParser parser;
    private final int lineLimitBytes;

    public JsonLinesReader(RejectedUse rejected) {
        this(rejected, LINE_LIMIT_BYTES);
    }

    JsonLinesReader(RejectedUse rejected, int lineLimitBytes) {
        this.parser = new ExampleParser(rejected);
        this.lineLimitBytes = lineLimitBytes;
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxStringLength(lineLimitBytes)
                .maxNestingDepth(MAX_NESTING)
                .build();
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(constraints)
                .build();
        this.json = new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /** Hands over every example of the file, in order, without holding more than one. */
    public void read(Path file, Consumer<? super PreferenceExample> sink) {
        try (LineReader lines = new LineReader(file, open(file), lineLimitBytes)) {
            while (lines.advance()) {
                String text = lines.text();
                if (!text.isBlank()) {
                    sink.accept(parser.parse(tree(text, lines.source()), lines.source()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new DataException(file + ": not readable (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private JsonNode tree(String text, SourceLine source) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new DataException(source + ": not JSON: " + reason(e), e);
        }
    }

    /** The parser's words on one line, without the control characters that a damaged file may bring in. */
    private static String reason(JsonProcessingException e) {
        String words = e.getOriginalMessage().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return e.getLocation() == null
                ? words
                : words + " (column " + e.getLocation().getColumnNr() + ")";
    }
}

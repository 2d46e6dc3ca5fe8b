package org.dilort.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/** JSON lines: one value a line, UTF-8, blank lines skipped. */
final class JsonLinesReader implements RowReader {
    private final Path file;
    private final InputStream in;
    private final int limitBytes;
    private final ObjectMapper json;

    JsonLinesReader(Path file, InputStream in, int limitBytes) {
        this.file = file;
        this.in = in;
        this.limitBytes = limitBytes;
        this.json = Json.mapper(limitBytes);
    }

    @Override
    public void read(Consumer<? super InputRow> sink) throws IOException {
        try (LineReader lines = new LineReader(file, in, limitBytes)) {
            while (lines.advance()) {
                String text = lines.text();
                if (!text.isBlank()) {
                    sink.accept(new InputRow(tree(text, lines.source()), lines.source()));
                }
            }
        }
    }

    private JsonNode tree(String text, SourceLine source) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new DataException(source + ": not JSON: " + Json.reason(e), e);
        }
    }
}

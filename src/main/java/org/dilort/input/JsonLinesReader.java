package org.dilort.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.function.Consumer;

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
                if (!lines.isBlank()) {
                    sink.accept(row(lines));
                }
            }
        }
    }

    private InputRow row(LineReader lines) {
        try {
            return new InputRow(json.readTree(lines.text()), lines.source());
        } catch (JsonProcessingException e) {
            return InputRow.broken(lines.source(), "not JSON: " + Json.reason(e));
        } catch (CharacterCodingException e) {
            return InputRow.broken(lines.source(), "not UTF-8");
        }
    }
}

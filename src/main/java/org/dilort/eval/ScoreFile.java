package org.dilort.eval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import org.dilort.files.AtomicFile;

/**
 * Scores as JSON lines, one a pair: {@code {"index", "logps/chosen", "logps/rejected", "tokens/chosen",
 * "tokens/rejected"}}. The two keys of a missing rejected response are left out; a number that is not finite is null.
 */
public final class ScoreFile {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .rootValueSeparator((String) null)
            .build();

    private ScoreFile() {}

    /** Writes beside the file and moves it into place. */
    public static void write(Path file, List<PairScore> scores) {
        try (AtomicFile target = AtomicFile.create(file)) {
            OutputStream out = Channels.newOutputStream(target.channel());
            try (JsonGenerator json = JSON.createGenerator(out)) {
                for (PairScore score : scores) {
                    writeLine(json, score);
                }
            }
            target.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static void writeLine(JsonGenerator json, PairScore score) throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", score.index());
        writeNumber(json, "logps/chosen", score.chosenLogp());
        if (score.hasRejected()) {
            writeNumber(json, "logps/rejected", score.rejectedLogp());
        }
        json.writeNumberField("tokens/chosen", score.chosenTokens());
        if (score.hasRejected()) {
            json.writeNumberField("tokens/rejected", score.rejectedTokens());
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private static void writeNumber(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}

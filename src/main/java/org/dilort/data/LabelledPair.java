package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.dilort.error.DataException;
import org.dilort.input.InputFiles;
import org.dilort.input.InputRow;

/**
 * A pair, uncut, with what another field of its row says of it.
 *
 * @param label empty where none was asked for
 */
public record LabelledPair(TokenizedPair pair, String label) {

    /**
     * Hands over every pair of the files in order, without holding more than one row.
     *
     * @param key the field of the label, a text or a number; empty = none
     * @throws DataException naming file and line of what is wrong, or if there is no pair
     */
    public static void read(List<Path> files, String key, PairTokenizer tokenizer, Consumer<LabelledPair> sink) {
        AtomicLong count = new AtomicLong();
        ExampleReader reader = new ExampleReader(RejectedUse.REQUIRED);
        for (Path file : InputFiles.expand(files)) {
            reader.readRows(file, (example, row) -> {
                String label = key.isEmpty() ? "" : label(row, key);
                sink.accept(new LabelledPair(tokenizer.whole(example, count.getAndIncrement()), label));
            });
        }
        if (count.get() == 0) {
            throw new DataException(files + ": no pairs");
        }
    }

    private static String label(InputRow row, String key) {
        JsonNode label = row.fields().path(key);
        if (label.isContainerNode() || label.asText().isBlank() || label.isNull()) {
            throw new DataException(row.source() + ": " + key + ": got " + JsonLine.describe(label)
                    + ", expected the name of a subset");
        }
        return label.asText();
    }
}

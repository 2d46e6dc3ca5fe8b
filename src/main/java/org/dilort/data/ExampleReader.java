package org.dilort.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.dilort.error.DataException;
import org.dilort.input.InputFile;
import org.dilort.input.InputRow;

/** Reads preference files of every format and shape as examples; which shapes there are is {@link ExampleParser}'s. */
public final class ExampleReader {
    private final ExampleParser parser;

    public ExampleReader(RejectedUse rejected) {
        this(rejected, RankedPairs.ALL, Preset.DEFAULT);
    }

    public ExampleReader(RejectedUse rejected, RankedPairs ranked, Preset preset) {
        this.parser = new ExampleParser(rejected, ranked, preset);
    }

    /**
     * Hands over every example of the file, in order, without holding more than one row, and returns what the file was.
     *
     * @throws org.dilort.error.DataException at the first row that is wrong, naming its place
     */
    public FileReport read(Path path, Consumer<? super PreferenceExample> sink) {
        return read(path, sink, Refusals.STOP, finding -> {});
    }

    /** As {@link #read(Path, Consumer)}; rows that are wrong are left to {@code refusals}. */
    FileReport read(
            Path path, Consumer<? super PreferenceExample> sink, Refusals refusals, Consumer<Finding> findings) {
        InputFile file = InputFile.of(path);
        Map<String, Long> shapes = new LinkedHashMap<>();
        file.read(row -> {
            List<PreferenceExample> examples = new ArrayList<>();
            try {
                shapes.merge(parser.parse(row, examples::add), 1L, Long::sum);
            } catch (DataException e) {
                findings.accept(refusals.note(row.source(), e));
                return;
            }
            examples.forEach(sink);
        });
        return new FileReport(path, file.description(), shapes);
    }

    /** As {@link #read(Path, Consumer)}, with the row that each example stands in. */
    void readRows(Path path, BiConsumer<? super PreferenceExample, InputRow> sink) {
        InputFile.of(path).read(row -> {
            List<PreferenceExample> examples = new ArrayList<>();
            parser.parse(row, examples::add);
            examples.forEach(example -> sink.accept(example, row));
        });
    }
}

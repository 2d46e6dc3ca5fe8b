package org.dilort.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.dilort.input.InputFile;

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
        InputFile file = InputFile.of(path);
        Map<String, Long> shapes = new LinkedHashMap<>();
        file.read(row -> shapes.merge(parser.parse(row, sink), 1L, Long::sum));
        return new FileReport(path, file.description(), shapes);
    }
}

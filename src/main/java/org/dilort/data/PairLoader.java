package org.dilort.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dilort.error.DataException;
import org.dilort.input.InputFiles;

/** Reads whole preference data sets into memory as token ids. */
public final class PairLoader {
    private final PairTokenizer tokenizer;
    private final ExampleReader reader;

    public PairLoader(PairTokenizer tokenizer, RejectedUse rejected) {
        this.tokenizer = tokenizer;
        this.reader = new ExampleReader(rejected);
    }

    /**
     * The pairs of the files, folders and patterns, numbered through.
     *
     * @throws DataException at the first line that is wrong, or if no pair is left
     */
    public PairDataset load(List<Path> paths) {
        PairCollector collector = new PairCollector();
        List<FileReport> files = InputFiles.expand(paths).stream()
                .map(file -> reader.read(file, collector::add))
                .toList();
        DataReport report = collector.tally.report();
        if (report.pairs() == 0) {
            throw new DataException(
                    paths + ": no pairs; " + report.examples() + " read, " + report.dropped() + " dropped as too long");
        }
        return new PairDataset(collector.pairs, files, report);
    }

    private final class PairCollector {
        private final List<TokenizedPair> pairs = new ArrayList<>();
        private final DataTally tally = new DataTally();
        private long next;

        void add(PreferenceExample example) {
            Optional<TokenizedPair> pair = tokenizer.tokenize(example, next++, tally);
            pair.ifPresent(pairs::add);
        }
    }
}

package org.dilort.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.config.DataSource;
import org.dilort.error.DataException;
import org.dilort.input.InputFiles;

/** Reads whole preference data sets into memory as token ids. */
public final class PairLoader {
    private final PairTokenizer tokenizer;
    private final ExampleReader reader;
    private final int threads;

    public PairLoader(PairTokenizer tokenizer, RejectedUse rejected) {
        this(tokenizer, new ExampleReader(rejected), Runtime.getRuntime().availableProcessors());
    }

    public PairLoader(PairTokenizer tokenizer, ExampleReader reader, int threads) {
        this.tokenizer = tokenizer;
        this.reader = reader;
        this.threads = threads;
    }

    /**
     * The pairs of the files, folders and patterns, numbered through.
     *
     * @throws DataException at the first line that is wrong, or if no pair is left
     */
    public PairDataset load(List<Path> paths) {
        return load(paths.stream().map(DataSource::of).toList(), 0).train();
    }

    /**
     * The pairs of the sources, each as often as its weight says, and those held out of them.
     *
     * @param heldOutShare of the prompts; 0 = nothing is held out
     * @throws DataException at the first line that is wrong, or if no pair is left
     */
    public SplitDataset load(List<DataSource> sources, double heldOutShare) {
        PairCollector train = new PairCollector();
        PairCollector heldOut = new PairCollector();
        List<FileReport> files = new ArrayList<>();
        try (TokenizerThreads tokenizers = new TokenizerThreads(tokenizer, threads)) {
            try {
                for (DataSource source : sources) {
                    SourceReading reading = new SourceReading(source, heldOutShare, tokenizers, train, heldOut);
                    InputFiles.expand(source.path()).forEach(file -> files.add(reader.read(file, reading::take)));
                }
            } finally {
                tokenizers.finish();
            }
        }
        SplitDataset split = new SplitDataset(train.dataset(files), heldOut.dataset(List.of()));
        requirePairs(sources, split, heldOutShare);
        return split;
    }

    private static void requirePairs(List<DataSource> sources, SplitDataset split, double heldOutShare) {
        DataReport report = split.train().report();
        List<Path> paths = sources.stream().map(DataSource::path).toList();
        if (report.pairs() == 0) {
            throw new DataException(
                    paths + ": no pairs; " + report.examples() + " read, " + report.dropped() + " dropped as too long");
        }
        if (heldOutShare > 0 && split.heldOut().pairs().isEmpty()) {
            throw new DataException(paths + ": data.eval_split " + heldOutShare + " holds out none of "
                    + report.examples() + " examples; expected more data or a greater share");
        }
    }

    /** Divides the examples of one source among the data sets. */
    private static final class SourceReading {
        private final DataSource source;
        private final double heldOutShare;
        private final TokenizerThreads tokenizers;
        private final PairCollector train;
        private final PairCollector heldOut;
        private long taken;

        SourceReading(
                DataSource source,
                double heldOutShare,
                TokenizerThreads tokenizers,
                PairCollector train,
                PairCollector heldOut) {
            this.source = source;
            this.heldOutShare = heldOutShare;
            this.tokenizers = tokenizers;
            this.train = train;
            this.heldOut = heldOut;
        }

        void take(PreferenceExample example) {
            if (taken == source.limit().orElse(Integer.MAX_VALUE)) {
                return;
            }
            taken++;
            if (heldOutShare > 0 && PromptShare.HELD_OUT.place(example) < heldOutShare) {
                tokenizers.add(example, heldOut, 1);
                return;
            }
            int copies = copies(example);
            if (copies > 0) {
                tokenizers.add(example, train, copies);
            }
        }

        private int copies(PreferenceExample example) {
            int whole = (int) source.weight();
            double rest = source.weight() - whole;
            return rest > 0 && PromptShare.WEIGHT.place(example) < rest ? whole + 1 : whole;
        }
    }
}

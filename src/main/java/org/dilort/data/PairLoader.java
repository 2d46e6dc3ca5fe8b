package org.dilort.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.config.DataSource;
import org.dilort.config.EvalSource;
import org.dilort.error.DataException;
import org.dilort.input.InputFiles;

/** Reads whole preference data sets into memory as token ids. */
public final class PairLoader {
    /** Findings of each kind whose places are kept, unless more are asked for. */
    private static final int KEPT_FINDINGS = 3;

    private final PairTokenizer tokenizer;
    private final ExampleReader reader;
    private final int threads;
    private final int keptFindings;
    private final Refusals refusals;

    public PairLoader(PairTokenizer tokenizer, RejectedUse rejected) {
        this(tokenizer, new ExampleReader(rejected), Runtime.getRuntime().availableProcessors());
    }

    public PairLoader(PairTokenizer tokenizer, ExampleReader reader, int threads) {
        this(tokenizer, reader, threads, KEPT_FINDINGS, Refusals.STOP);
    }

    private PairLoader(
            PairTokenizer tokenizer, ExampleReader reader, int threads, int keptFindings, Refusals refusals) {
        this.tokenizer = tokenizer;
        this.reader = reader;
        this.threads = threads;
        this.keptFindings = keptFindings;
        this.refusals = refusals;
    }

    /** A loader that goes on after rows that are wrong, and keeps the places of so many findings of each kind. */
    public PairLoader notingFindings(int count) {
        return new PairLoader(tokenizer, reader, threads, count, Refusals.NOTE);
    }

    /**
     * The pairs of the files, folders and patterns, numbered through.
     *
     * @throws DataException at the first line that is wrong, or if no pair is left
     */
    public PairDataset load(List<Path> paths) {
        return load(new DataPlan(paths.stream().map(DataSource::of).toList(), 0, List.of()))
                .train();
    }

    /**
     * The pairs of a plan: each as often as the weight of its source says, and those that are held out.
     *
     * @throws DataException at the first line that is wrong, or if no pair is left
     */
    public SplitDataset load(DataPlan plan) {
        PairCollector train = new PairCollector(keptFindings);
        PairCollector heldOut = new PairCollector(keptFindings);
        List<FileReport> files = new ArrayList<>();
        List<FileReport> heldOutFiles = new ArrayList<>();
        List<HeldOutPart> parts = new ArrayList<>();
        try (TokenizerThreads tokenizers = new TokenizerThreads(tokenizer, threads, refusals)) {
            try {
                SourceDivision.Sets sets = tokenizing(tokenizers, train, heldOut);
                for (DataSource source : plan.train()) {
                    SourceDivision division = new SourceDivision(source, plan.heldOutShare(), sets);
                    InputFiles.expand(source.path())
                            .forEach(file -> files.add(reader.read(file, division::take, refusals, train::add)));
                }
                for (EvalSource source : plan.heldOut()) {
                    long from = heldOut.next();
                    InputFiles.expand(source.path())
                            .forEach(file -> heldOutFiles.add(reader.read(
                                    file, example -> tokenizers.add(example, heldOut, 1), refusals, heldOut::add)));
                    parts.add(new HeldOutPart(source.name(), from, heldOut.next()));
                }
            } finally {
                tokenizers.finish();
            }
        }
        heldOut.compareWith(train.prompts());
        SplitDataset split = new SplitDataset(train.dataset(files), heldOut.dataset(heldOutFiles), parts);
        if (refusals == Refusals.STOP) {
            plan.requirePairs(split);
        }
        return split;
    }

    private static SourceDivision.Sets tokenizing(
            TokenizerThreads tokenizers, PairCollector train, PairCollector heldOut) {
        return new SourceDivision.Sets() {
            @Override
            public void train(PreferenceExample example, int copies) {
                tokenizers.add(example, train, copies);
            }

            @Override
            public void holdOut(PreferenceExample example) {
                tokenizers.add(example, heldOut, 1);
            }
        };
    }
}

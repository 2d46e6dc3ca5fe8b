package org.dilort.job;

import java.util.List;
import org.dilort.config.Config;
import org.dilort.data.Finding;
import org.dilort.data.FindingKind;
import org.dilort.data.Findings;
import org.dilort.data.LengthTable;
import org.dilort.data.PairDataset;
import org.dilort.data.PairView;
import org.dilort.data.SplitDataset;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.model.CausalLm;
import org.dilort.model.RunLength;

/** {@code dil-ort data}: what a run would make of its data, and what is wrong with it. */
public final class DataJob {
    private final Config config;
    private final JobOutput output;

    private DataJob(Config config, JobOutput output) {
        this.config = config;
        this.output = output;
    }

    /** Whether a run would start on the data. */
    public enum Verdict {
        USABLE,
        GRAVE
    }

    /**
     * Shows the first pairs as tokens, all lengths, and what would be cut or dropped.
     *
     * @param examples pairs that are shown
     */
    public static Verdict inspect(Config config, int examples, JobOutput output) {
        return new DataJob(config, output).inspect(examples);
    }

    /**
     * Lists what is wrong, with its place.
     *
     * @param most findings of each kind that are listed
     */
    public static Verdict validate(Config config, int most, JobOutput output) {
        return new DataJob(config, output).validate(most);
    }

    /** Tokenises the data and keeps it, as a run would, so that the run begins at once. */
    public static Verdict prepare(Config config, JobOutput output) {
        CausalLm model =
                PolicyFiles.of(config).model(new RunLength(config.data().maxLength()));
        RunSettings settings = RunSettings.of(config, model, ChosenDevice.assumed(config));
        DataSets data = DataSets.load(config, settings, model.size().vocabulary(), output);
        output.line(data.packing(config, settings, Long.MAX_VALUE).summary());
        return Verdict.USABLE;
    }

    private Verdict inspect(int examples) {
        try (Tokenizer tokenizer = Tokenizer.open(PolicyFiles.of(config).folder())) {
            SplitDataset split = load(tokenizer, examples);
            PairView view = new PairView(tokenizer);
            for (Part part : parts(split)) {
                tellOfFiles(part);
                part.data().findings().kinds().forEach(kind -> tell(part, kind));
                LengthTable.lines(part.data().pairs()).forEach(output::line);
                List<TokenizedPair> pairs = part.data().pairs();
                for (TokenizedPair pair : pairs.subList(0, Math.min(examples, pairs.size()))) {
                    output.line(part.name() + " pair " + pair.index());
                    view.lines(pair).forEach(output::line);
                }
            }
            return verdict(split);
        }
    }

    private Verdict validate(int most) {
        try (Tokenizer tokenizer = Tokenizer.open(PolicyFiles.of(config).folder())) {
            SplitDataset split = load(tokenizer, most);
            for (Part part : parts(split)) {
                tellOfFiles(part);
                part.data().findings().kinds().forEach(kind -> tell(part, kind));
            }
            Verdict verdict = verdict(split);
            if (verdict == Verdict.USABLE) {
                DataSets.plan(config.data()).requirePairs(split);
            }
            output.line(verdict == Verdict.GRAVE ? "grave findings: training would not start" : "nothing grave");
            return verdict;
        }
    }

    private SplitDataset load(Tokenizer tokenizer, int keptFindings) {
        RunLength length = new RunLength(config.data().maxLength());
        CausalLm model = PolicyFiles.of(config).model(length);
        RunSettings settings = RunSettings.of(config, model, ChosenDevice.assumed(config));
        return DataSets.loader(config, settings, tokenizer, model.size().vocabulary())
                .notingFindings(keptFindings)
                .load(DataSets.plan(config.data()));
    }

    private record Part(String name, PairDataset data) {}

    private List<Part> parts(SplitDataset split) {
        Part train = new Part("data.train", split.train());
        String heldOut = config.data().eval().isEmpty() ? "data.eval_split" : "data.eval";
        return config.data().evaluates() ? List.of(train, new Part(heldOut, split.heldOut())) : List.of(train);
    }

    private void tellOfFiles(Part part) {
        part.data().files().forEach(file -> output.line(part.name() + ": " + file.summary()));
        output.line(part.name() + ": " + part.data().report().summary());
    }

    private void tell(Part part, FindingKind kind) {
        Findings findings = part.data().findings();
        Findings.Entry entry = findings.of(kind);
        for (Finding finding : entry.first()) {
            output.line(finding.toString());
        }
        String more =
                entry.count() > entry.first().size() ? ", " + entry.first().size() + " of them above" : "";
        output.line(part.name() + ": " + (findings.grave(kind) ? "grave: " : "") + entry.count() + " of "
                + findings.examples() + ": " + kind.label() + more);
    }

    private static Verdict verdict(SplitDataset split) {
        boolean grave = split.train().findings().anyGrave()
                || split.heldOut().findings().anyGrave();
        return grave ? Verdict.GRAVE : Verdict.USABLE;
    }
}

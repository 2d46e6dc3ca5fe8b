package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dilort.config.Config;
import org.dilort.config.DataConfig;
import org.dilort.config.NumberSetting;
import org.dilort.data.DataPlan;
import org.dilort.data.ExampleReader;
import org.dilort.data.FileReport;
import org.dilort.data.Packing;
import org.dilort.data.PairDataset;
import org.dilort.data.PairLoader;
import org.dilort.data.PairTokenizer;
import org.dilort.data.Preset;
import org.dilort.data.RankedPairs;
import org.dilort.data.RejectedUse;
import org.dilort.data.SplitDataset;
import org.dilort.data.StepSampler;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;

/**
 * The pairs of a run as token ids.
 *
 * @param eval empty where nothing is held out
 * @param named positions in {@code eval} of the pairs that have a name, by that name
 * @param notes what the user was told of them
 */
record DataSets(
        List<TokenizedPair> train, List<TokenizedPair> eval, SortedMap<String, int[]> named, List<String> notes) {
    DataSets {
        train = List.copyOf(train);
        eval = List.copyOf(eval);
        notes = List.copyOf(notes);
    }

    static DataSets load(Config config, RunSettings settings, int vocabulary, JobOutput output) {
        tellOfFewPositions(config.data().maxLength(), settings.limits().maxLength(), output);
        SplitDataset split = Preparation.of(config, settings, vocabulary, output);
        List<String> notes = new ArrayList<>(notes("data.train", split.train()));
        if (config.data().evaluates()) {
            notes.addAll(notes(config.data().eval().isEmpty() ? "data.eval_split" : "data.eval", split.heldOut()));
        }
        notes.forEach(output::line);
        split.train().findings().requireNothingGrave();
        split.heldOut().findings().requireNothingGrave();
        List<TokenizedPair> train = split.train().pairs();
        boolean needed = settings.objective().needsRejected();
        return new DataSets(
                needed ? train : withoutRejected(train), split.heldOut().pairs(), split.named(), notes);
    }

    /** How well the first steps of a run pack, an epoch's at most. */
    Packing packing(Config config, RunSettings settings, long steps) {
        StepSampler sampler = TrainingRun.sampler(config.train(), train.size());
        Stream<List<TokenizedPair>> batches = LongStream.range(0, Math.min(steps, sampler.stepsPerEpoch()))
                .mapToObj(step ->
                        IntStream.of(sampler.batch(step)).mapToObj(train::get).toList());
        return Packing.of(batches, settings.packing());
    }

    static DataPlan plan(DataConfig data) {
        double share = data.evalSplit() instanceof NumberSetting.Value given ? given.value() : 0;
        return new DataPlan(data.train(), share, data.eval());
    }

    static PairLoader loader(Config config, RunSettings settings, Tokenizer tokenizer, int vocabulary) {
        Preset preset = Preset.valueOf(config.data().preset().name());
        return new PairLoader(
                PairTokenizer.of(tokenizer, TemplateChoice.of(config), vocabulary, settings.limits(), preset),
                reader(config, settings),
                settings.session().threads());
    }

    static ExampleReader reader(Config config, RunSettings settings) {
        RejectedUse rejected = settings.objective().needsRejected() ? RejectedUse.REQUIRED : RejectedUse.OPTIONAL;
        RankedPairs ranked = RankedPairs.valueOf(config.data().rankedPairs().name());
        return new ExampleReader(
                rejected, ranked, Preset.valueOf(config.data().preset().name()));
    }

    private static List<TokenizedPair> withoutRejected(List<TokenizedPair> pairs) {
        return pairs.stream().map(TokenizedPair::withoutRejected).toList();
    }

    private static void tellOfFewPositions(int wanted, int used, JobOutput output) {
        if (used < wanted) {
            output.line("note: data.max_length is " + wanted + ", but the model has " + used
                    + " positions (max_position_embeddings); " + used + " is used");
        }
    }

    private static List<String> notes(String name, PairDataset dataset) {
        Stream<String> files = dataset.files().stream().map(FileReport::summary);
        Stream<String> report = Stream.of(dataset.report().summary());
        Stream<String> findings = dataset.findings().summary().stream();
        return Stream.of(files, report, findings)
                .flatMap(lines -> lines)
                .map(line -> name + ": " + line)
                .toList();
    }
}

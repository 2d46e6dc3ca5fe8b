package org.dilort.job;

import java.nio.file.Path;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.DataConfig;
import org.dilort.config.NumberSetting;
import org.dilort.data.ExampleReader;
import org.dilort.data.PairDataset;
import org.dilort.data.PairLoader;
import org.dilort.data.PairTokenizer;
import org.dilort.data.Preset;
import org.dilort.data.RankedPairs;
import org.dilort.data.RejectedUse;
import org.dilort.data.SplitDataset;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;

/**
 * The pairs of a run as token ids.
 *
 * @param eval empty where nothing is held out
 */
record DataSets(List<TokenizedPair> train, List<TokenizedPair> eval) {

    static DataSets load(Config config, RunSettings settings, int vocabulary, JobOutput output) {
        tellOfFewPositions(config.data().maxLength(), settings.limits().maxLength(), output);
        DataConfig data = config.data();
        try (Tokenizer tokenizer = Tokenizer.open(config.model().path())) {
            PairLoader loader = loader(config, settings, tokenizer, vocabulary);
            SplitDataset split = loader.load(data.train(), heldOutShare(data));
            tell("data.train", split.train(), output);
            PairDataset heldOut = split.heldOut();
            List<Path> files = data.eval();
            if (!files.isEmpty()) {
                heldOut = loader.load(files);
            }
            if (data.evaluates()) {
                tell(files.isEmpty() ? "data.eval_split" : "data.eval", heldOut, output);
            }
            List<TokenizedPair> train = split.train().pairs();
            return new DataSets(settings.objective().needsRejected() ? train : withoutRejected(train), heldOut.pairs());
        }
    }

    private static PairLoader loader(Config config, RunSettings settings, Tokenizer tokenizer, int vocabulary) {
        Preset preset = Preset.valueOf(config.data().preset().name());
        RejectedUse rejected =
                settings.objective().needsRejected() ? RejectedUse.REQUIRED : RejectedUse.OPTIONAL;
        RankedPairs ranked = RankedPairs.valueOf(config.data().rankedPairs().name());
        return new PairLoader(
                PairTokenizer.of(tokenizer, TemplateChoice.of(config), vocabulary, settings.limits(), preset),
                new ExampleReader(rejected, ranked, preset),
                settings.session().threads());
    }

    private static double heldOutShare(DataConfig data) {
        return data.evalSplit() instanceof NumberSetting.Value share ? share.value() : 0;
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

    private static void tell(String name, PairDataset dataset, JobOutput output) {
        dataset.files().forEach(file -> output.line(name + ": " + file.summary()));
        output.line(name + ": " + dataset.report().summary());
    }
}

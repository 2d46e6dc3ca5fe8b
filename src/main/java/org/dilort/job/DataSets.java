package org.dilort.job;

import java.nio.file.Path;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.data.PairDataset;
import org.dilort.data.PairLoader;
import org.dilort.data.PairTokenizer;
import org.dilort.data.RejectedUse;
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
        boolean needsRejected = settings.objective().needsRejected();
        RejectedUse rejected = needsRejected ? RejectedUse.REQUIRED : RejectedUse.OPTIONAL;
        try (Tokenizer tokenizer = Tokenizer.open(config.model().path())) {
            PairLoader loader = new PairLoader(new PairTokenizer(tokenizer, vocabulary, settings.limits()), rejected);
            List<TokenizedPair> train = load(loader, "train", config.data().train(), output);
            List<TokenizedPair> used = needsRejected
                    ? train
                    : train.stream().map(TokenizedPair::withoutRejected).toList();
            List<Path> heldOut = config.data().eval();
            return new DataSets(used, heldOut.isEmpty() ? List.of() : load(loader, "eval", heldOut, output));
        }
    }

    private static void tellOfFewPositions(int wanted, int used, JobOutput output) {
        if (used < wanted) {
            output.line("note: data.max_length is " + wanted + ", but the model has " + used
                    + " positions (max_position_embeddings); " + used + " is used");
        }
    }

    private static List<TokenizedPair> load(PairLoader loader, String name, List<Path> files, JobOutput output) {
        PairDataset dataset = loader.load(files);
        output.line("data." + name + ": " + dataset.report().summary());
        return dataset.pairs();
    }
}

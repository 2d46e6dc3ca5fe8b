package org.dilort.job;

import java.util.List;
import java.util.TreeMap;
import org.dilort.config.Config;
import org.dilort.config.TrainConfig;
import org.dilort.data.TokenizedPair;
import org.dilort.train.RunIdentity;

/** Everything that decides the numbers of a run; a resumed run must have the same. */
final class Identity {
    private Identity() {}

    static RunIdentity of(
            Config config, RunSettings settings, String modelHash, List<TokenizedPair> train, long steps) {
        TrainConfig options = config.train();
        TreeMap<String, String> values = new TreeMap<>();
        values.put("model", modelHash);
        values.put("reference", config.reference().path().toString());
        values.put("data.train", TokenHash.of(train));
        values.put("head.name", settings.head().head().name());
        values.put("head.reduction", settings.head().reduction().name());
        settings.head().coefficients().forEach((name, value) -> values.put("head." + name, value.toString()));
        values.put("steps", Long.toString(steps));
        values.put("train.batch_pairs", Integer.toString(options.batchPairs()));
        values.put(
                "train.micro_batch_tokens", Integer.toString(settings.packing().microBatchTokens()));
        values.put("train.row_tokens", Integer.toString(settings.packing().rowTokens()));
        values.put("train.seed", Long.toString(options.seed()));
        values.put("train.shuffle", Boolean.toString(options.shuffle()));
        values.put("train.no_decay", options.noDecay().toString());
        values.put("train.adamw", settings.optimizer().toString());
        values.put("train.schedule", settings.schedule().toString());
        return new RunIdentity(values);
    }
}

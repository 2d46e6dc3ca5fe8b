package org.dilort.job;

import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.dilort.config.Config;
import org.dilort.config.TrainConfig;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.FileHead;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.train.RunIdentity;

/**
 * Everything that decides the numbers of a run, under the configuration's keys; a resumed run must have the same. Models
 * and data go by their SHA-256.
 */
final class Identity {
    private Identity() {}

    /** @param reference what tells the reference from any other */
    static RunIdentity of(RunContext run, String reference, List<TokenizedPair> train, long steps) {
        Config config = run.config();
        RunSettings settings = run.settings();
        TreeMap<String, String> values = new TreeMap<>();
        values.put("model.path", run.start().hash());
        values.putAll(run.tuning().identity());
        values.put("reference.path", reference);
        values.put("data.train", TokenHash.of(train));
        List<Objective.Term> terms = settings.objective().terms();
        for (int i = 0; i < terms.size(); i++) {
            putHead(config.headKey(i) + ".", terms.get(i), values);
        }
        values.put("steps", Long.toString(steps));
        values.put(
                "train.micro_batch_tokens", Integer.toString(settings.packing().microBatchTokens()));
        values.put("train.row_tokens", Integer.toString(settings.packing().rowTokens()));
        values.put("model.compute", settings.products().name().toLowerCase(Locale.ROOT));
        values.put("train.optimizer", settings.optimizer().name());
        settings.optimizer().settings().forEach((name, value) -> values.put("train." + name, value));
        putOptions(config.train(), values);
        return new RunIdentity(values);
    }

    private static void putHead(String prefix, Objective.Term term, TreeMap<String, String> values) {
        HeadSpec head = term.spec();
        values.put(prefix + "name", head.head().name());
        if (head.head() instanceof FileHead file) {
            values.put(prefix + "sha256", file.sha256());
        }
        values.put(prefix + "weight", Double.toString(term.weight()));
        values.put(prefix + "variant", head.variant().name());
        values.put(prefix + "reduction", head.reduction().name());
        head.coefficients().forEach((name, value) -> values.put(prefix + name, value.toString()));
    }

    private static void putOptions(TrainConfig train, TreeMap<String, String> values) {
        values.put("train.batch_pairs", Integer.toString(train.batchPairs()));
        values.put("train.seed", Long.toString(train.seed()));
        values.put("train.shuffle", Boolean.toString(train.shuffle()));
        values.put("train.learning_rate", Double.toString(train.learningRate()));
        values.put("train.scheduler", train.scheduler().name());
        values.put("train.warmup_ratio", Double.toString(train.warmupRatio()));
        values.put("train.weight_decay", Double.toString(train.weightDecay()));
        values.put("train.no_decay", train.noDecay().toString());
        values.put("train.max_grad_norm", train.maxGradNorm().text().toString());
    }
}

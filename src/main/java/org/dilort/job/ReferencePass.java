package org.dilort.job;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.dilort.data.Packer;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.LogProbModel;
import org.dilort.train.CacheKey;
import org.dilort.train.ReferenceCache;

/**
 * Reference log-probabilities, computed once and kept on disk under hashes of the model and of the token ids, which
 * carry tokenizer, template, data and truncation in them.
 */
final class ReferencePass {
    private final Path cache;
    private final Packer packer;
    private final JobOutput output;

    ReferencePass(Path cache, Packer packer, JobOutput output) {
        this.cache = cache;
        this.packer = packer;
        this.output = output;
    }

    /** Opens the reference model; called only when values are missing. */
    interface Reference {
        LogProbModel open();
    }

    /** {@code [pairs * 2]} in the order of the list. */
    float[] logps(String what, List<TokenizedPair> pairs, String modelHash, Reference reference) {
        TreeMap<String, String> hashes = new TreeMap<>();
        hashes.put("model", modelHash);
        hashes.put("tokens", TokenHash.of(pairs));
        try (ReferenceCache values = ReferenceCache.open(cache, new CacheKey(hashes), pairs.size(), output::warn)) {
            if (values.complete()) {
                output.line("reference log-probabilities of " + what + ": from the cache in " + cache);
                return values.get();
            }
            output.line("reference log-probabilities of " + what + ": computing " + values.missing().length + " of "
                    + pairs.size() + " pairs");
            try (LogProbModel model = reference.open()) {
                new DatasetScorer(pairs, packer).score(model::sequenceLogps, values.missing(), values::put);
            }
            return values.get();
        }
    }
}

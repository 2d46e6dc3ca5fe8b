package org.dilort.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.data.Packer;
import org.dilort.data.ReferenceScores;
import org.dilort.data.TokenizedPair;
import org.dilort.files.Sha256;
import org.dilort.heads.OptionalInput;
import org.dilort.runtime.LogProbModel;
import org.dilort.train.CacheKey;
import org.dilort.train.NanoClock;
import org.dilort.train.ReferenceCache;

/**
 * Reference log-probabilities, computed once and kept on disk under hashes of the model and of the token ids, which
 * carry tokenizer, template, data and truncation in them.
 */
final class ReferencePass {
    private static final String TOKEN_LOGPS = OptionalInput.TOKEN_LOGPS.names().get(0);
    private final Path cache;
    private final Packer packer;
    private final JobOutput output;

    ReferencePass(Path cache, Packer packer, JobOutput output) {
        this.cache = cache;
        this.packer = packer;
        this.output = output;
    }

    /** How closely the heads look. */
    enum Detail {
        /** Sums over a response's tokens. */
        SUMS,
        /** Every token too. */
        TOKENS;

        /** What the reference model is to be opened for. */
        Set<OptionalInput> wanted() {
            return this == TOKENS ? Set.of(OptionalInput.TOKEN_LOGPS) : Set.of();
        }

        private int values(TokenizedPair pair) {
            return 2 + (this == TOKENS ? pair.chosen().length + pair.rejected().length : 0);
        }
    }

    /** Opens the reference model; called only when values are missing. */
    interface Reference {
        LogProbModel open();
    }

    /**
     * Which values are wanted of a data set.
     *
     * @param what the data set's name, for people
     * @param modelHash what tells the reference from any other
     */
    record Task(String what, List<TokenizedPair> pairs, String modelHash, Detail detail) {}

    /** In the order of the list; what is missing is computed. */
    ReferenceScores scores(Task task, Reference reference) {
        int[] widths = widths(task);
        try (ReferenceCache values = open(task, widths)) {
            if (values.complete()) {
                output.line("reference log-probabilities of " + task.what() + ": from the cache in " + cache);
            } else {
                fill(values, values.missing(), task, reference);
            }
            return split(values.get(), widths, task.detail());
        }
    }

    /** Computes what is missing of the pairs that are asked for. */
    void compute(Task task, IntPredicate asked, Reference reference) {
        try (ReferenceCache values = open(task, widths(task))) {
            int[] missing = IntStream.of(values.missing()).filter(asked).toArray();
            if (missing.length == 0) {
                output.line("reference log-probabilities of " + task.what() + ": all there in " + values.file());
                return;
            }
            fill(values, missing, task, reference);
            output.line("reference log-probabilities of " + task.what() + ": in " + values.file());
        }
    }

    private static int[] widths(Task task) {
        return task.pairs().stream().mapToInt(task.detail()::values).toArray();
    }

    private ReferenceCache open(Task task, int[] widths) {
        CacheKey key = new CacheKey(hashes(task.pairs(), task.modelHash(), task.detail()));
        return ReferenceCache.open(cache, key, widths, output::warn);
    }

    private void fill(ReferenceCache values, int[] missing, Task task, Reference reference) {
        String name = "reference log-probabilities of " + task.what();
        output.line(
                name + ": computing " + missing.length + " of " + task.pairs().size() + " pairs");
        PassProgress progress = new PassProgress(name, missing.length, NanoClock.SYSTEM, output::line);
        int[] widths = widths(task);
        try (LogProbModel model = reference.open()) {
            new DatasetScorer(task.pairs(), packer).forEachBatch(missing, (positions, batch) -> {
                values.put(positions, rows(model.scores(batch), positions, widths));
                progress.add(positions.length);
            });
        }
    }

    private static TreeMap<String, String> hashes(List<TokenizedPair> pairs, String modelHash, Detail detail) {
        TreeMap<String, String> hashes = new TreeMap<>();
        hashes.put("model", modelHash);
        hashes.put("tokens", TokenHash.of(pairs));
        if (detail == Detail.TOKENS) {
            hashes.put("values", Sha256.of(TOKEN_LOGPS.getBytes(StandardCharsets.US_ASCII)));
        }
        return hashes;
    }

    /** Of each pair its two sums, then its tokens where the model gives them. */
    private static float[] rows(Map<String, float[]> scores, int[] positions, int[] widths) {
        float[] sums = scores.get(TrainingGraph.POLICY_LOGPS);
        float[] tokens = scores.getOrDefault(TOKEN_LOGPS, new float[0]);
        float[] rows = new float[sums.length + tokens.length];
        int at = 0;
        int token = 0;
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(sums, 2 * i, rows, at, 2);
            int count = widths[positions[i]] - 2;
            System.arraycopy(tokens, token, rows, at + 2, count);
            token += count;
            at += 2 + count;
        }
        return rows;
    }

    private static ReferenceScores split(float[] rows, int[] widths, Detail detail) {
        float[] sums = new float[2 * widths.length];
        List<float[]> tokens = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < widths.length; i++) {
            System.arraycopy(rows, at, sums, 2 * i, 2);
            if (detail == Detail.TOKENS) {
                tokens.add(Arrays.copyOfRange(rows, at + 2, at + widths[i]));
            }
            at += widths[i];
        }
        return new ReferenceScores(sums, tokens);
    }
}

package org.dilort.export;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.runtime.SessionSettings;
import org.dilort.weights.NamedTensors;

/**
 * Log-probabilities as a client of the export finds them: plain sequences padded on the right go through the serving
 * graph, and the log-sum-exp of its logits is taken here, in double. For one thread at a time.
 */
public final class DecoderScorer implements AutoCloseable {
    private static final int BATCH_TOKENS = 4096;

    private final DecoderSession session;

    DecoderScorer(DecoderSession session) {
        this.session = session;
    }

    /** @param named an export folder, or one of its model files */
    public static DecoderScorer open(Path named, SessionSettings settings) {
        return new DecoderScorer(DecoderSession.of(ModelPlace.of(named), settings));
    }

    /** Over the serving graph of a model whose weights lie in files, which may be closed afterwards. */
    public static DecoderScorer of(CausalLm model, NamedTensors weights, SessionSettings settings) {
        return new DecoderScorer(DecoderSession.ofWeights(model, weights, settings));
    }

    public ModelSize size() {
        return session.size();
    }

    /**
     * Sums over response tokens, nats; ids and lengths must be the model's.
     *
     * @return {@code [pairs * 2]}, chosen then rejected of each pair, 0 where there is no rejected response
     */
    public double[] sequenceLogps(List<TokenizedPair> pairs) {
        return tokenLogps(pairs).stream()
                .mapToDouble(logps -> Arrays.stream(logps).sum())
                .toArray();
    }

    /**
     * Of every response token, nats; ids must be the model's, and a sequence may have one token more than the model has
     * positions, as the last one is not fed.
     *
     * @return {@code 2 * pairs} rows, chosen then rejected of each pair, empty where there is no rejected response
     */
    public List<double[]> tokenLogps(List<TokenizedPair> pairs) {
        List<double[]> logps = new ArrayList<>();
        for (TokenizedPair pair : pairs) {
            logps.add(new double[pair.chosen().length]);
            logps.add(new double[pair.rejected().length]);
        }
        for (List<SequenceRows.Row> group : SequenceRows.groups(pairs, BATCH_TOKENS)) {
            score(group, logps);
        }
        return logps;
    }

    /** A sequence's last token predicts nothing and is not fed. */
    private void score(List<SequenceRows.Row> group, List<double[]> logps) {
        int length = group.get(0).tokens().length - 1;
        int vocabulary = session.size().vocabulary();
        try (DecoderRun run = new DecoderRun(session, group.size())) {
            int step = Math.min(length, session.maxColumns(group.size()));
            for (int start = 0; start < length; start += step) {
                int columns = Math.min(step, length - start);
                FloatBuffer logits = run.forward(SequenceRows.block(group, start, columns));
                for (int i = 0; i < group.size(); i++) {
                    SequenceRows.Row row = group.get(i);
                    put(
                            row,
                            start,
                            columns,
                            logits.slice(i * columns * vocabulary, columns * vocabulary),
                            logps.get(row.number()));
                }
            }
        }
    }

    /** @param logits of the row's columns from {@code start} on, {@code [columns, vocabulary]} */
    private void put(SequenceRows.Row row, int start, int columns, FloatBuffer logits, double[] logps) {
        int vocabulary = session.size().vocabulary();
        int end = Math.min(start + columns, row.tokens().length - 1);
        for (int position = Math.max(start, row.scoredFrom() - 1); position < end; position++) {
            FloatBuffer predicted = logits.slice((position - start) * vocabulary, vocabulary);
            logps[position + 1 - row.scoredFrom()] = logp(predicted, row.tokens()[position + 1]);
        }
    }

    static double logp(FloatBuffer logits, int token) {
        return logits.get(token) - logSumExp(logits);
    }

    static double logSumExp(FloatBuffer logits) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.limit(); i++) {
            greatest = Math.max(greatest, logits.get(i));
        }
        double sum = 0;
        for (int i = 0; i < logits.limit(); i++) {
            sum += Math.exp(logits.get(i) - greatest);
        }
        return greatest + Math.log(sum);
    }

    @Override
    public void close() {
        session.close();
    }
}

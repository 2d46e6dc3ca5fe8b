package org.dilort.export;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.dilort.data.TokenizedPair;
import org.dilort.model.ModelSize;
import org.dilort.runtime.SessionSettings;

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

    public static DecoderScorer open(Path exportFolder, SessionSettings settings) {
        return new DecoderScorer(DecoderSession.ofExport(exportFolder, settings));
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
        double[] logps = new double[2 * pairs.size()];
        for (List<SequenceRows.Row> group : SequenceRows.groups(pairs, BATCH_TOKENS)) {
            score(group, logps);
        }
        return logps;
    }

    /** A sequence's last token predicts nothing and is not fed. */
    private void score(List<SequenceRows.Row> group, double[] logps) {
        int length = group.get(0).tokens().length - 1;
        try (DecoderRun run = new DecoderRun(session, group.size())) {
            int step = Math.min(length, session.maxColumns(group.size()));
            for (int start = 0; start < length; start += step) {
                int columns = Math.min(step, length - start);
                FloatBuffer logits = run.forward(block(group, start, columns));
                for (int i = 0; i < group.size(); i++) {
                    logps[group.get(i).number()] += sum(group.get(i), start, columns, logits, i * columns);
                }
            }
        }
    }

    private static TokenBlock block(List<SequenceRows.Row> group, int start, int columns) {
        TokenBlock block = TokenBlock.empty(group.size(), columns);
        for (int row = 0; row < group.size(); row++) {
            int[] tokens = group.get(row).tokens();
            int end = Math.min(columns, tokens.length - start);
            for (int column = 0; column < end; column++) {
                block.put(row, column, tokens[start + column], start + column);
            }
        }
        return block;
    }

    /** @param firstLogits number of the logits that the row's first column has */
    private double sum(SequenceRows.Row row, int start, int columns, FloatBuffer logits, int firstLogits) {
        int vocabulary = session.size().vocabulary();
        int end = Math.min(start + columns, row.tokens().length - 1);
        double sum = 0;
        for (int position = Math.max(start, row.scoredFrom() - 1); position < end; position++) {
            int offset = (firstLogits + position - start) * vocabulary;
            sum += logp(logits.slice(offset, vocabulary), row.tokens()[position + 1]);
        }
        return sum;
    }

    static double logp(FloatBuffer logits, int token) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.limit(); i++) {
            greatest = Math.max(greatest, logits.get(i));
        }
        double sum = 0;
        for (int i = 0; i < logits.limit(); i++) {
            sum += Math.exp(logits.get(i) - greatest);
        }
        return logits.get(token) - greatest - Math.log(sum);
    }

    @Override
    public void close() {
        session.close();
    }
}

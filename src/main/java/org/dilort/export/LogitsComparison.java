package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Two decoders of one model, fed the same sequences: how far the distributions of the second are from those of the first.
 *
 * @param tokens scored ones
 * @param kl mean KL(first || second) over the whole vocabulary, nats a token
 * @param firstLogps sums of the first over the scored tokens of each sequence, nats, by {@link SequenceRows.Row#number()}
 * @param secondLogps the same of the second
 */
record LogitsComparison(long tokens, double kl, double[] firstLogps, double[] secondLogps) {
    /** @param sequences numbers of rows from 0 to {@code count - 1} */
    static LogitsComparison of(
            DecoderSession first, DecoderSession second, List<List<SequenceRows.Row>> sequences, int count) {
        Sums sums = new Sums(new double[count], new double[count]);
        for (List<SequenceRows.Row> group : sequences) {
            sums.add(first, second, group);
        }
        return new LogitsComparison(
                sums.tokens, sums.tokens == 0 ? 0 : sums.kl / sums.tokens, sums.firstLogps, sums.secondLogps);
    }

    private static final class Sums {
        private final double[] firstLogps;
        private final double[] secondLogps;
        private long tokens;
        private double kl;

        Sums(double[] firstLogps, double[] secondLogps) {
            this.firstLogps = firstLogps;
            this.secondLogps = secondLogps;
        }

        /** A sequence's last token predicts nothing and is not fed. */
        void add(DecoderSession first, DecoderSession second, List<SequenceRows.Row> group) {
            int length = group.get(0).tokens().length - 1;
            int step = Math.max(1, Math.min(length, first.maxColumns(group.size())));
            try (DecoderRun one = new DecoderRun(first, group.size());
                    DecoderRun other = new DecoderRun(second, group.size())) {
                for (int start = 0; start < length; start += step) {
                    int columns = Math.min(step, length - start);
                    TokenBlock block = SequenceRows.block(group, start, columns);
                    add(group, start, columns, one.forward(block), other.forward(block));
                }
            }
        }

        private void add(List<SequenceRows.Row> group, int start, int columns, FloatBuffer first, FloatBuffer second) {
            int vocabulary = first.limit() / group.size() / columns;
            for (int r = 0; r < group.size(); r++) {
                SequenceRows.Row row = group.get(r);
                int from = Math.max(start, row.scoredFrom() - 1);
                int until = Math.min(start + columns, row.tokens().length - 1);
                for (int at = from; at < until; at++) {
                    int offset = (r * columns + at - start) * vocabulary;
                    add(row, row.tokens()[at + 1], first.slice(offset, vocabulary), second.slice(offset, vocabulary));
                }
            }
        }

        private void add(SequenceRows.Row row, int token, FloatBuffer first, FloatBuffer second) {
            double firstTotal = DecoderScorer.logSumExp(first);
            double secondTotal = DecoderScorer.logSumExp(second);
            firstLogps[row.number()] += first.get(token) - firstTotal;
            secondLogps[row.number()] += second.get(token) - secondTotal;
            for (int i = 0; i < first.limit(); i++) {
                double logp = first.get(i) - firstTotal;
                kl += Math.exp(logp) * (logp - (second.get(i) - secondTotal));
            }
            tokens++;
        }
    }
}

package org.dilort.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.dilort.data.TokenizedPair;
import org.dilort.runtime.SessionSettings;

/** Loads an export back, in a session of its own, and compares it with the model that it was made from. */
public final class ExportCheck {
    /** Nats for each response token. */
    static final double TOKEN_TOLERANCE = 1e-4;

    /** For rounding of the sum itself, which grows with it. */
    static final double RELATIVE_TOLERANCE = 1e-5;

    private ExportCheck() {}

    /**
     * What was compared.
     *
     * @param sequences how many
     * @param greatestDifference in nats per response token
     */
    public record Report(int sequences, double greatestDifference) {}

    /**
     * @param expectedLogps {@code [pairs * 2]}, sums over response tokens by the training or scoring graph, chosen then
     *     rejected of each pair; what stands for a missing rejected response is ignored
     * @throws ExportFailure where a sequence differs by more than 1e-4 per token and 1e-5 of its log-probability
     */
    public static Report run(
            Path exportFolder, List<TokenizedPair> pairs, float[] expectedLogps, SessionSettings settings) {
        requireTwoEach(pairs, expectedLogps);
        try (DecoderScorer scorer = DecoderScorer.open(exportFolder, settings)) {
            Path model = exportFolder.resolve(ExportFolder.MODEL);
            return compare(model, pairs, expectedLogps, scorer.sequenceLogps(pairs));
        }
    }

    /** The same for a model of any exporter, by its file. */
    public static Report ofModel(
            Path model, List<TokenizedPair> pairs, float[] expectedLogps, SessionSettings settings) {
        requireTwoEach(pairs, expectedLogps);
        try (OnnxScorer scorer = OnnxScorer.open(model, settings)) {
            return compare(model, pairs, expectedLogps, scorer.sequenceLogps(pairs));
        }
    }

    private static void requireTwoEach(List<TokenizedPair> pairs, float[] expectedLogps) {
        if (pairs.isEmpty() || expectedLogps.length != 2 * pairs.size()) {
            throw new IllegalArgumentException(
                    expectedLogps.length + " log-probabilities for " + pairs.size() + " pairs, expected two each");
        }
    }

    private static Report compare(Path model, List<TokenizedPair> pairs, float[] expected, double[] actual) {
        int sequences = 0;
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            TokenizedPair pair = pairs.get(i / 2);
            int tokens = (i % 2 == 0 ? pair.chosen() : pair.rejected()).length;
            if (tokens == 0) {
                continue;
            }
            double difference = Math.abs(actual[i] - expected[i]);
            if (!(difference <= tokens * TOKEN_TOLERANCE + RELATIVE_TOLERANCE * Math.abs(expected[i]))) {
                throw new ExportFailure(String.format(
                        Locale.ROOT,
                        "%s: the export differs from the trained model: pair %d, %s: log-probability %.6f over %d"
                                + " tokens, expected %.6f",
                        model,
                        pair.index(),
                        i % 2 == 0 ? "chosen" : "rejected",
                        actual[i],
                        tokens,
                        expected[i]));
            }
            sequences++;
            greatest = Math.max(greatest, difference / tokens);
        }
        return new Report(sequences, greatest);
    }
}

package org.dilort.artifacts;

import org.dilort.testing.GoldenModel;

/** The heads with token means over a golden model's log-probabilities, written out in double. */
final class MeanHeadFormulas {
    private final double[] chosen;
    private final double[] rejected;
    private final GoldenModel golden;

    /** Of one pair: the loss and its slopes in the two log-ratios. */
    private record Terms(double loss, double chosenSlope, double rejectedSlope) {}

    MeanHeadFormulas(GoldenModel golden) {
        this.golden = golden;
        int pairs = golden.pairs();
        double[] logps = golden.numbers("/sequence_logps");
        this.chosen = new double[pairs];
        this.rejected = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            chosen[i] = (logps[i] - golden.numbers("/ref_w")[i]) / golden.responseLength(i);
            rejected[i] = (logps[pairs + i] - golden.numbers("/ref_l")[i]) / golden.responseLength(pairs + i);
        }
    }

    private static Terms terms(String head, double w, double l) {
        return switch (head) {
            case "lsif" -> new Terms(-Math.exp(w) + Math.exp(2 * l) / 2, -Math.exp(w), Math.exp(2 * l));
            case "ukl" -> new Terms(-w + Math.exp(l), -1, Math.exp(l));
            case "bce" ->
                new Terms(
                        Math.log1p(Math.exp(-w)) + Math.log1p(Math.exp(l)),
                        -1 / (1 + Math.exp(w)),
                        1 / (1 + Math.exp(-l)));
            case "dpo" -> {
                double slope = 0.1 / (1 + Math.exp(0.1 * (w - l)));
                yield new Terms(Math.log1p(Math.exp(-0.1 * (w - l))), -slope, slope);
            }
            default -> throw new IllegalArgumentException(head);
        };
    }

    /** The mean over pairs. */
    double loss(String head) {
        double sum = 0;
        for (int i = 0; i < chosen.length; i++) {
            sum += terms(head, chosen[i], rejected[i]).loss();
        }
        return sum / chosen.length;
    }

    /** d loss / d sequence log-probability, chosen rows and then rejected rows. */
    double[] sequenceGradients(String head) {
        int pairs = chosen.length;
        double[] gradients = new double[2 * pairs];
        for (int i = 0; i < pairs; i++) {
            Terms terms = terms(head, chosen[i], rejected[i]);
            gradients[i] = terms.chosenSlope() / golden.responseLength(i) / pairs;
            gradients[pairs + i] = terms.rejectedSlope() / golden.responseLength(pairs + i) / pairs;
        }
        return gradients;
    }
}

package org.dilort.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.dilort.heads.Scope;

/** The pairs that every head is checked on. */
final class HeadBatches {
    static final long SEED = 20261124;

    /** Log-ratios; no difference of two is a margin of any head, where a hinge has two slopes. */
    private static final double[] POINTS = {-37.3, -7.9, -5.03, -2.41, -0.97, -0.23, 0, 0.19, 1.07, 2.6, 5.2, 8.3, 41.7
    };

    private static final double[][] ENDS = {
        {0, 0},
        {-500, 500},
        {500, -500},
        {500, 500},
        {-500, -500},
        {700, 0},
        {0, 700},
        {-700, 0},
        {0, -700},
        {88, 44},
        {-90, 15.5},
        {31, 29},
        {-31, 100}
    };

    private HeadBatches() {}

    /** All that a head of this scope is compared with its formula on. */
    static List<HeadBatch> forFormula(Scope scope) {
        List<HeadBatch> batches = new ArrayList<>(random());
        if (scope == Scope.PAIR) {
            batches.addAll(grid());
        }
        batches.add(extremes());
        return batches;
    }

    /** Every chosen log-ratio of a grid with every rejected one; ties, so for heads that do not sort. */
    static List<HeadBatch> grid() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<HeadBatch> batches = new ArrayList<>();
        for (double chosen : POINTS) {
            double[][] ratios = new double[POINTS.length][];
            for (int i = 0; i < POINTS.length; i++) {
                ratios[i] = new double[] {chosen, POINTS[i]};
            }
            batches.add(of(ratios, -64, random));
        }
        return batches;
    }

    /** Random pairs, from nearly equal policies to far apart. */
    static List<HeadBatch> random() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<HeadBatch> batches = new ArrayList<>();
        for (double spread : new double[] {0.1, 1, 4, 4, 15, 60}) {
            double[][] ratios = new double[8][];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = new double[] {random.nextDouble(-spread, spread), random.nextDouble(-spread, spread)};
            }
            batches.add(of(ratios, -spread - 1, random));
        }
        return batches;
    }

    /** Log-ratios that leave float's range in an exponential. */
    static HeadBatch extremes() {
        return of(ENDS, -720, new SplittableRandom(SEED));
    }

    /** A pair at the start of training, then others ever further in the wrong order; policies as likely as they can be. */
    static HeadBatch disordered() {
        double[] ratios = {0, 0, -2, 3, -8, 8, -31, 100, -500, 500};
        double[] policy = new double[ratios.length];
        double[] reference = new double[ratios.length];
        double[] lengths = new double[ratios.length];
        for (int i = 0; i < ratios.length; i++) {
            reference[i] = -8 - Math.max(0, ratios[i]);
            policy[i] = reference[i] + ratios[i];
            lengths[i] = 4;
        }
        return new HeadBatch(policy, reference, lengths);
    }

    /** Policies that equal their reference. */
    static HeadBatch start() {
        return of(new double[4][2], -8, new SplittableRandom(SEED));
    }

    /** @param highest bound of the references, far enough below 0 for the policy to stay below it too */
    private static HeadBatch of(double[][] ratios, double highest, SplittableRandom random) {
        int sequences = 2 * ratios.length;
        double[] policy = new double[sequences];
        double[] reference = new double[sequences];
        double[] lengths = new double[sequences];
        for (int i = 0; i < sequences; i++) {
            reference[i] = HeadBatch.exact(random.nextDouble(highest - 100, highest));
            policy[i] = reference[i] + HeadBatch.exact(ratios[i / 2][i % 2]);
            lengths[i] = random.nextInt(1, 9);
        }
        return new HeadBatch(policy, reference, lengths);
    }
}

package org.dilort.check;

import java.util.List;
import java.util.Locale;
import org.dilort.heads.Scope;

/** Holds a head's gradient against differences of its own losses. */
final class DifferenceCheck {
    private static final String CHECK = "gradient";

    /** Slopes to the left and right that differ by this share are those of a kink, where anything between is right. */
    private static final double KINK = 0.05;

    /** The batches that rounding in float leaves enough of. */
    private static final int COARSE_BATCHES = 4;

    private final FineProbe head;
    private double worst;
    private String worstPlace = "";
    private int numbers;

    private DifferenceCheck(FineProbe head) {
        this.head = head;
    }

    /** @param scope as the file declares it: pairs that do not depend on each other cost each other no digits alone */
    static Finding run(FineProbe head, Scope scope) {
        DifferenceCheck check = new DifferenceCheck(head);
        List<HeadBatch> batches = HeadBatches.random();
        for (HeadBatch batch : head.inDouble() ? batches : batches.subList(0, COARSE_BATCHES)) {
            HeadFeeds all = HeadFeeds.of(batch);
            if (scope == Scope.STEP) {
                check.compare(all);
                continue;
            }
            for (int pair = 0; pair < all.pairs(); pair++) {
                check.compare(all.only(pair));
            }
        }
        return check.finding();
    }

    private void compare(HeadFeeds feeds) {
        HeadProbe.Result here = head.run(feeds);
        for (String input : head.probe().differentiated()) {
            double[] gradient = here.gradient(input);
            for (int i = 0; i < gradient.length; i++) {
                Slopes slopes = slopes(feeds, input, i, here.losses());
                if (slopes.inFloat()) {
                    note(error(gradient[i], slopes), input + "[" + i + "]", gradient[i], slopes);
                }
            }
        }
    }

    private Slopes slopes(HeadFeeds feeds, String input, int index, double[] here) {
        double[][] around = new double[5][];
        for (int steps = -2; steps <= 2; steps++) {
            around[steps + 2] = steps == 0
                    ? here
                    : head.run(feeds.moved(input, index, steps * head.step())).losses();
        }
        double left = 0;
        double right = 0;
        double wide = 0;
        double size = 0;
        for (int i = 0; i < here.length; i++) {
            left += (here[i] - around[1][i]) / head.step();
            right += (around[3][i] - here[i]) / head.step();
            wide += (around[4][i] - around[0][i]) / (4 * head.step());
            size = Math.max(size, Math.abs(here[i]));
        }
        return new Slopes(left, right, wide, size);
    }

    /**
     * Of the sum of losses.
     *
     * @param wide over four steps: as far from the one over two as that may be from the truth
     * @param size of the largest loss
     */
    private record Slopes(double left, double right, double wide, double size) {
        boolean inFloat() {
            return Math.abs(left) < Float.MAX_VALUE
                    && Math.abs(right) < Float.MAX_VALUE
                    && Math.abs(wide) < Float.MAX_VALUE
                    && size < Float.MAX_VALUE;
        }

        double central() {
            return (left + right) / 2;
        }

        boolean isKink() {
            return Math.abs(right - left) > KINK * Math.max(Math.abs(left), Math.abs(right));
        }

        /** How far a number is outside of what the slopes allow. */
        double distance(double number) {
            double outside = isKink()
                    ? Math.max(Math.min(left, right) - number, number - Math.max(left, right))
                    : Math.abs(number - central()) - Math.abs(wide - central());
            return Double.isNaN(outside) ? outside : Math.max(0, outside);
        }
    }

    /** Relative, with the floor below which rounding alone may be the difference. */
    private double error(double gradient, Slopes slopes) {
        double floor = (head.slopeFloor() + head.slopeShare() * slopes.size()) / head.slopes();
        double error = slopes.distance(gradient) / (Math.abs(slopes.central()) + floor);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private void note(double error, String place, double gradient, Slopes slopes) {
        numbers++;
        if (error > worst) {
            worst = error;
            worstPlace = place + " is " + gradient + ", differences give " + slopes.central();
        }
    }

    private Finding finding() {
        if (numbers == 0) {
            return Finding.failed(CHECK, "no loss is a number of float32, so there is nothing to compare with");
        }
        String bound = String.format(Locale.ROOT, "%.0e", head.slopes());
        return worst <= head.slopes()
                ? Finding.ok(
                        CHECK,
                        "equals differences of the losses in " + head.name() + " to " + OwnHeadsCheck.number(worst)
                                + ", " + numbers + " numbers")
                : Finding.failed(
                        CHECK,
                        worstPlace + ": off by " + OwnHeadsCheck.number(worst) + " in " + head.name() + ", expected "
                                + bound);
    }
}

package org.dilort.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dilort.chart.Chart;
import org.dilort.chart.Curve;
import org.dilort.chart.Panel;
import org.dilort.chart.Range;
import org.dilort.heads.BregmanSide;
import org.dilort.heads.Head;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Scope;
import org.dilort.heads.Variant;

/**
 * A head's loss and gradient as ONNX Runtime computes them from the head's graph.
 *
 * <p>A pointwise Bregman head shows l_1 and l_-1 over f. A head that sees only the difference of rewards shows its loss
 * over it. Any other shows its loss over one response's f while the other's is 0, or, without a reference, over one
 * response's log-probability while the other's is -1.
 */
public final class HeadChart {
    private static final int STEPS = 16;
    private static final int LIMIT = 5;
    private static final double OTHER_LOGP = -1;

    /** Pairs of rewards, and by how much both are moved to see whether only their difference counts. */
    private static final double[][] MOVES = {{1.5, -0.5, 2}, {-2, 1, 1.5}, {0.25, 0, -2}};

    private HeadChart() {}

    /** A loss and its slope in what the chart is drawn over. */
    private record Height(double loss, double slope) {}

    private record Line(String name, DoubleFunction<Height> height) {}

    /** What a chart is drawn over. */
    private record Axis(String symbol, String label, int from, int to) {
        static final Axis REWARD =
                new Axis("f", "f, beta times the log-ratio of policy to reference", -LIMIT * STEPS, LIMIT * STEPS);
        static final Axis MARGIN =
                new Axis("the margin", "margin of rewards, f_w - f_l", -LIMIT * STEPS, LIMIT * STEPS);
        static final Axis LOGP = new Axis("p", "p, the policy's log-probability of the response", -LIMIT * STEPS, -1);

        double[] points() {
            return IntStream.rangeClosed(from, to)
                    .mapToDouble(i -> (double) i / STEPS)
                    .toArray();
        }

        Range range() {
            return new Range(-LIMIT, to < 0 ? 0 : LIMIT);
        }

        /** Where the curves are to be seen well: near the start of training. */
        Range focus() {
            return to < 0 ? range() : new Range(-1.5, 1.5);
        }
    }

    public static Chart of(HeadSpec spec) {
        List<Head> sides = spec.variant() == Variant.POINTWISE ? BregmanSide.of(spec.head()) : List.of();
        if (!sides.isEmpty()) {
            return ofSides(spec, sides);
        }
        try (HeadSweep sweep = new HeadSweep(spec)) {
            if (isOfMargin(sweep)) {
                return chart(spec, Axis.MARGIN, List.of(new Line("loss", z -> ofMargin(sweep, z))), List.of());
            }
            return spec.head().needsReference() ? ofRewards(spec, sweep) : ofLogps(spec, sweep);
        }
    }

    private static Chart ofSides(HeadSpec spec, List<Head> sides) {
        HeadSpec ofChosen = new HeadSpec(sides.get(0), spec.reduction(), spec.coefficients());
        HeadSpec ofRejected = new HeadSpec(sides.get(1), spec.reduction(), spec.coefficients());
        try (HeadSweep chosen = new HeadSweep(ofChosen);
                HeadSweep rejected = new HeadSweep(ofRejected)) {
            return chart(
                    spec,
                    Axis.REWARD,
                    List.of(
                            new Line("l_1 (chosen)", f -> ofChosen(chosen.atRewards(f, 0))),
                            new Line("l_-1 (rejected)", f -> ofRejected(rejected.atRewards(0, f)))),
                    List.of());
        }
    }

    private static boolean isOfMargin(HeadSweep sweep) {
        for (double[] move : MOVES) {
            double here = sweep.atRewards(move[0], move[1]).loss();
            double there = sweep.atRewards(move[0] + move[2], move[1] + move[2]).loss();
            if (Math.abs(here - there) > 1e-4 * Math.max(Math.abs(here), Math.abs(there))) {
                return false;
            }
        }
        return true;
    }

    /** The margin is shared evenly, so that its slope is half of what each side's slopes add up to. */
    private static Height ofMargin(HeadSweep sweep, double margin) {
        HeadSweep.Point point = sweep.atRewards(margin / 2, -margin / 2);
        return new Height(point.loss(), (point.chosenSlope() - point.rejectedSlope()) / 2);
    }

    private static Height ofChosen(HeadSweep.Point point) {
        return new Height(point.loss(), point.chosenSlope());
    }

    private static Height ofRejected(HeadSweep.Point point) {
        return new Height(point.loss(), point.rejectedSlope());
    }

    private static Chart ofRewards(HeadSpec spec, HeadSweep sweep) {
        return chart(
                spec,
                Axis.REWARD,
                lines(
                        spec,
                        new Line("over f_w", f -> ofChosen(sweep.atRewards(f, 0))),
                        new Line("over f_l", f -> ofRejected(sweep.atRewards(0, f)))),
                List.of("The response that a curve is not over has f = 0; the reference gives each -64."));
    }

    private static Chart ofLogps(HeadSpec spec, HeadSweep sweep) {
        return chart(
                spec,
                Axis.LOGP,
                lines(
                        spec,
                        new Line("over p_w", p -> ofChosen(sweep.atLogps(p, OTHER_LOGP))),
                        new Line("over p_l", p -> ofRejected(sweep.atLogps(OTHER_LOGP, p)))),
                List.of("The response that a curve is not over has p = -1."));
    }

    private static List<Line> lines(HeadSpec spec, Line chosen, Line rejected) {
        return spec.head().needsRejected() ? List.of(chosen, rejected) : List.of(chosen);
    }

    private static Chart chart(HeadSpec spec, Axis axis, List<Line> lines, List<String> notes) {
        double[] points = axis.points();
        List<Curve> losses = new ArrayList<>();
        List<Curve> slopes = new ArrayList<>();
        for (Line line : lines) {
            List<Height> heights =
                    DoubleStream.of(points).mapToObj(line.height()).toList();
            losses.add(new Curve(
                    line.name(),
                    points,
                    heights.stream().mapToDouble(Height::loss).toArray()));
            slopes.add(new Curve(
                    line.name(),
                    points,
                    heights.stream().mapToDouble(Height::slope).toArray()));
        }
        List<String> all = new ArrayList<>(notes);
        if (spec.head().scope() == Scope.STEP) {
            all.add("The head couples the pairs of a step; here each step is one pair.");
        }
        return new Chart(
                spec.head().name(),
                Stream.of(formula(spec), settings(spec))
                        .filter(line -> !line.isEmpty())
                        .toList(),
                List.of(panel("loss", axis, losses), panel("gradient in " + axis.symbol(), axis, slopes)),
                all);
    }

    private static String formula(HeadSpec spec) {
        return (spec.variant() == Variant.POINTWISE ? "loss = " : "pointwise loss = ")
                + spec.head().formula();
    }

    private static Panel panel(String title, Axis axis, List<Curve> curves) {
        return new Panel(title, axis.label(), axis.range(), Range.fitting(curves, axis.focus()), curves);
    }

    private static String settings(HeadSpec spec) {
        List<String> settings = new ArrayList<>();
        if (spec.head().variants().size() > 1) {
            settings.add(spec.variant().name().toLowerCase(Locale.ROOT));
        }
        spec.coefficients().forEach((name, value) -> settings.add(name + " = " + text(value)));
        return String.join(", ", settings);
    }

    private static String text(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "none";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? String.valueOf((long) value) : "" + value;
    }
}

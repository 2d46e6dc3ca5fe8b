package org.dilort.chart;

import java.util.List;

/** The names of curves beside a sample of each, in as many rows as they need. */
final class Legend {
    static final double ROW = 17;
    private static final double SAMPLE = 28;
    private static final double LETTER = 7;
    private static final double GAP = 14;

    private final List<Curve> curves;
    private final double width;

    Legend(List<Curve> curves, double width) {
        this.curves = curves;
        this.width = width;
    }

    int rows() {
        return walk((index, at, row) -> {});
    }

    void draw(Svg svg, double left, double firstBaseline) {
        walk((index, at, row) -> {
            double baseline = firstBaseline + row * ROW;
            svg.line(Style.curve(index), left + at, baseline - 4, left + at + SAMPLE, baseline - 4);
            svg.text(
                    "entry", left + at + SAMPLE + 6, baseline, curves.get(index).name());
        });
    }

    private interface Place {
        void entry(int index, double at, int row);
    }

    private int walk(Place place) {
        double at = 0;
        int row = 0;
        for (int i = 0; i < curves.size(); i++) {
            double entry = SAMPLE + 6 + curves.get(i).name().length() * LETTER;
            if (at > 0 && at + entry > width) {
                at = 0;
                row++;
            }
            place.entry(i, at, row);
            at += entry + GAP;
        }
        return row + 1;
    }
}

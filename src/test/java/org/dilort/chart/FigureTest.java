package org.dilort.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    private static final double[] X = {0, 1, 2};

    private static String drawn(Curve... curves) {
        Panel panel = new Panel("loss", "step", new Range(0, 2), new Range(0, 4), List.of(curves));
        return new Figure(panel, "a <loss>").toSvg();
    }

    /**
     * The plot goes from 52 to 410 and from 8 to 210: step 1 is at 231, and of the range 0 to 4 one unit is 50.5. The band runs
     * along its upper edge, 2, 3 and 4, and back along the lower one, 0, 1 and 2.
     */
    @Test
    void bandRunsAroundTheCurve() {
        Curve curve = new Curve("loss", X, new double[] {1, 2, 3}, new double[] {0, 1, 2}, new double[] {2, 3, 4});
        assertThat(drawn(curve))
                .contains("<path class=\"curve0 band\" d=\"M52 109L231 58.5L410 8L410 109L231 159.5L52 210Z\"/>")
                .contains("<path class=\"curve0\" d=\"M52 159.5L231 109L410 58.5\"/>");
    }

    @Test
    void bandEndsAtTheEdgeAndAtGaps() {
        double[] gap = {1, Double.NaN, 1};
        Curve curve = new Curve("loss", X, gap, gap, new double[] {9, Double.NaN, 9});
        assertThat(drawn(curve)).contains("<path class=\"curve0 band\" d=\"\"/>");
        Curve beyond = new Curve("loss", X, new double[] {1, 1, 1}, new double[] {1, 1, 1}, new double[] {9, 9, 9});
        assertThat(drawn(beyond)).contains("d=\"M52 8L231 8L410 8L410 159.5L231 159.5L52 159.5Z\"");
    }

    @Test
    void fewPointsAreMarked() {
        Curve single = new Curve("held out", new double[] {1}, new double[] {4});
        assertThat(drawn(single)).contains("<circle class=\"curve0 point\" cx=\"231\" cy=\"8\" r=\"2.5\"/>");
        double[] many = new double[41];
        for (int i = 0; i < many.length; i++) {
            many[i] = i / 20.0;
        }
        assertThat(drawn(new Curve("loss", many, many))).doesNotContain("<circle");
    }

    @Test
    void wordsAreEscaped() {
        assertThat(drawn()).contains("<title>a &lt;loss&gt;</title>");
    }

    @Test
    void bandsThatDoNotHoldTheCurveAreRefused() {
        double[] y = {1, 1, 1};
        assertThatThrownBy(() -> new Curve("loss", X, y, new double[] {1, 2, 1}, y))
                .hasMessage("y[1] = 1.0 outside 2.0 to 1.0 in loss");
        assertThatThrownBy(() -> new Curve("loss", X, y, new double[2], y))
                .hasMessage("3 y, a band of 2 and 3 in curve loss");
    }

    @Test
    void aLegendThatIsTooLongTakesAnotherRow() {
        Curve curve = new Curve("a name of 20 letters", X, X);
        assertThat(new Legend(List.of(curve, curve), 400).rows()).isEqualTo(1);
        assertThat(new Legend(List.of(curve, curve, curve), 400).rows()).isEqualTo(2);
        assertThat(new Legend(List.of(curve), 10).rows()).isEqualTo(1);
    }
}

package org.dilort.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.dilort.chart.Curve;
import org.dilort.chart.Figure;
import org.dilort.chart.Panel;
import org.dilort.chart.Range;

/**
 * A figure of the page: title, legend, drawing, and the numbers behind it for the readout under a pointer.
 *
 * @param explanation one sentence under the title
 */
record Curves(String title, String explanation, List<Curve> curves) {
    private static final MathContext DIGITS = new MathContext(5);

    Curves {
        curves = List.copyOf(curves);
        if (curves.isEmpty()) {
            throw new IllegalArgumentException("figure " + title + " has no curve");
        }
    }

    /** @param steps the horizontal axis ends there, or further where a curve does */
    void draw(Html page, long steps) {
        double last = Math.max(1, steps);
        for (Curve curve : curves) {
            double[] x = curve.x();
            last = x.length == 0 ? last : Math.max(last, x[x.length - 1]);
        }
        Range x = new Range(0, last);
        Panel panel = new Panel(title, "step", x, Range.fitting(curves, x), curves);
        page.open("figure", "");
        page.open("figcaption", "").element("b", "", title).text(" ").element("span", "", explanation);
        page.close("figcaption");
        legend(page);
        page.raw(new Figure(panel, title + ": " + words()).toSvg());
        page.raw("<script type=\"application/json\">" + numbers(x) + "</script>");
        page.close("figure");
    }

    private void legend(Html page) {
        page.open("ul", "legend");
        for (int i = 0; i < curves.size(); i++) {
            page.open("li", "");
            page.raw("<svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><line class=\"" + Figure.curveClass(i)
                    + "\" x1=\"0\" y1=\"4\" x2=\"28\" y2=\"4\"/></svg>");
            page.text(curves.get(i).name()).close("li");
        }
        page.close("ul");
    }

    private String words() {
        StringBuilder words = new StringBuilder();
        for (Curve curve : curves) {
            double[] y = curve.y();
            if (y.length > 0) {
                words.append(words.isEmpty() ? "" : "; ")
                        .append(curve.name() + " from " + Html.number(y[0]) + " to " + Html.number(y[y.length - 1]));
            }
        }
        return words.toString();
    }

    /** No text of it can end the script element that it stands in: names are escaped. */
    private String numbers(Range x) {
        ObjectNode numbers = JsonNodeFactory.instance.objectNode();
        double[] edges = Figure.edges();
        numbers.put("left", edges[0] / Figure.WIDTH).put("right", edges[1] / Figure.WIDTH);
        numbers.put("low", x.low()).put("high", x.high());
        ArrayNode list = numbers.putArray("curves");
        for (Curve curve : curves) {
            ObjectNode entry = list.addObject().put("name", curve.name());
            add(entry.putArray("x"), curve.x());
            add(entry.putArray("y"), curve.y());
        }
        return numbers.toString().replace("<", "\\u003c");
    }

    private static void add(ArrayNode list, double[] values) {
        for (double value : values) {
            if (Double.isFinite(value)) {
                list.add(new BigDecimal(value).round(DIGITS).stripTrailingZeros());
            } else {
                list.addNull();
            }
        }
    }
}

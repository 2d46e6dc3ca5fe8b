package org.dilort.chart;

/**
 * One panel as an element of a page that brings {@link #sheet()}, the title and the legend itself. It grows and shrinks with its
 * place; lengths below are in units of its own.
 *
 * @param words what a reader who does not see it is told
 */
public record Figure(Panel panel, String words) {
    public static final double WIDTH = 420;
    public static final double HEIGHT = 250;
    private static final double LEFT = 52;
    private static final double TOP = 8;
    private static final double RIGHT = WIDTH - 10;
    private static final double BOTTOM = HEIGHT - 40;
    private static final int X_TICKS = 7;

    /** The left and right edge of the plot, where the horizontal axis begins and ends. */
    public static double[] edges() {
        return new double[] {LEFT, RIGHT};
    }

    /** How the elements of all figures look, on light and on dark pages. */
    public static String sheet() {
        return Style.SHEET;
    }

    /** The class of a curve's sample in a legend: {@code stroke} has the colour. */
    public static String curveClass(int index) {
        return Style.curve(index);
    }

    public String toSvg() {
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.described("title", words);
        new Plot(panel, LEFT, TOP, RIGHT, BOTTOM, X_TICKS).draw(svg);
        return svg.toString();
    }
}

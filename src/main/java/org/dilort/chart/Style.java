package org.dilort.chart;

/**
 * How a chart looks. It brings its own background, so that its text can be read wherever it stands, and a dark form for
 * readers who asked for one. Curves differ in colour (of a palette for colour-blind readers) and in their dashes.
 */
final class Style {
    static final int CURVES = 8;

    static final String SHEET = """

            text { font: 12px system-ui, 'DejaVu Sans', Arial, sans-serif; fill: #1f2328; }
            text.title { font-size: 18px; font-weight: bold; }
            text.formula { font: 13px ui-monospace, 'DejaVu Sans Mono', monospace; }
            text.panel { font-size: 13px; font-weight: bold; }
            text.note, text.x, text.y, text.label { fill: #59636e; }
            text.x, text.label { text-anchor: middle; }
            text.y { text-anchor: end; }
            rect.page { fill: #ffffff; }
            rect.frame { fill: none; stroke: #9aa3ad; }
            line.grid { stroke: #e4e7eb; }
            line.zero { stroke: #9aa3ad; }
            [class^='curve'] { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
            .curve0 { color: #0072b2; }
            .curve1 { color: #d55e00; stroke-dasharray: 7 4; }
            .curve2 { color: #00805e; stroke-dasharray: 2 3; }
            .curve3 { color: #a8508a; stroke-dasharray: 9 3 2 3; }
            .curve4 { color: #8a6d00; stroke-dasharray: 12 4; }
            .curve5 { color: #5b5fc7; stroke-dasharray: 4 2; }
            .curve6 { color: #b3261e; stroke-dasharray: 1 4; }
            .curve7 { color: #4d5a66; stroke-dasharray: 12 3 3 3; }
            [class$='band'] { fill: currentColor; fill-opacity: 0.18; stroke: none; }
            [class$='point'] { fill: currentColor; stroke: none; }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            text.note, text.x, text.y, text.label { fill: #9da7b3; }
            rect.page { fill: #0d1117; }
            rect.frame, line.zero { stroke: #6e7681; }
            line.grid { stroke: #262c36; }
            .curve0 { color: #56b4e9; }
            .curve1 { color: #e69f00; }
            .curve2 { color: #3fb68b; }
            .curve3 { color: #d68fc0; }
            .curve4 { color: #e5d04b; }
            .curve5 { color: #a0a4ff; }
            .curve6 { color: #ff8a80; }
            .curve7 { color: #b8c4d0; }
            }
            """;

    private Style() {}

    static String curve(int index) {
        return "curve" + index;
    }
}

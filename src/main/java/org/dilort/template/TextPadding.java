package org.dilort.template;

import org.dilort.template.Arguments.Bound;

/** The methods of Python's {@code str} that fill a text up to a width. */
final class TextPadding {
    private TextPadding() {}

    /** Where the filling goes. */
    enum Side {
        LEFT,
        RIGHT,
        BOTH
    }

    static Value pad(String text, Arguments arguments, Evaluation evaluation, String name, Side side) {
        Bound bound = arguments.bind(name, "width", "fillchar");
        bound.require("width");
        String fill = bound.text("fillchar", " ");
        if (fill.codePointCount(0, fill.length()) != 1) {
            throw Fault.evaluation("the fill character must be exactly one character long");
        }
        return new Text(pad(text, bound.wholeNumber("width", 0), fill, side, evaluation.budget()));
    }

    static String pad(String text, int width, String fill, Side side, Budget budget) {
        int length = text.codePointCount(0, text.length());
        if (width <= length) {
            return text;
        }
        budget.produce(text.length() + (long) fill.length() * (width - length));
        int missing = width - length;
        int left = switch (side) {
            case LEFT -> missing;
            case RIGHT -> 0;
            case BOTH -> missing / 2 + (missing & width & 1);
        };
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    static Value zeroFill(String text, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("zfill", "width");
        bound.require("width");
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String sign = signed ? text.substring(0, 1) : "";
        int width = bound.wholeNumber("width", 0);
        return new Text(
                sign + pad(text.substring(sign.length()), width - sign.length(), "0", Side.LEFT, evaluation.budget()));
    }
}

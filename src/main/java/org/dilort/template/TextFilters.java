package org.dilort.template;

import static java.util.Map.entry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.dilort.template.Arguments.Bound;

/** Jinja's filters that make texts of texts. */
final class TextFilters {
    static final Map<String, Filter> FILTERS = Map.ofEntries(
            entry("string", change("string", text -> text)),
            entry("safe", change("safe", text -> text)),
            entry("upper", change("upper", text -> text.toUpperCase(Locale.ROOT))),
            entry("lower", change("lower", text -> text.toLowerCase(Locale.ROOT))),
            entry("capitalize", change("capitalize", Strings::capitalize)),
            entry("title", change("title", TextFilters::title)),
            entry("trim", TextFilters::trim),
            entry("replace", TextFilters::replace),
            entry("join", TextFilters::join),
            entry("center", TextFilters::center),
            entry("indent", TextFilters::indent),
            entry("truncate", TextFilters::truncate),
            entry("format", TextFilters::format),
            entry("wordcount", TextFilters::wordCount));

    private static final int DEFAULT_INDENT = 4;
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_LENGTH = 255;
    private static final int LEEWAY = 5;

    private TextFilters() {}

    private static Filter change(String name, UnaryOperator<String> change) {
        return (input, arguments, evaluation) -> {
            arguments.bind(name);
            return Text.of(change.apply(input.text(evaluation.budget())), evaluation.budget());
        };
    }

    /** Words begin after white space, hyphens and opening brackets, not after apostrophes. */
    private static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean begins = true;
        for (int i = 0; i < text.length(); ) {
            String letter = Character.toString(text.codePointAt(i));
            title.append(begins ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT));
            begins = Strings.isSpace(text.charAt(i)) || "-({[<".contains(letter);
            i += letter.length();
        }
        return title.toString();
    }

    private static Value trim(Value input, Arguments arguments, Evaluation evaluation) {
        Function strip = method(new Text(input.text(evaluation.budget())), "strip");
        return strip.call(arguments, evaluation);
    }

    private static Function method(Text text, String name) {
        Optional<Value> method = TextMethods.of(text, name);
        return (Function) method.orElseThrow();
    }

    private static Value replace(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("replace", "old", "new", "count");
        Budget budget = evaluation.budget();
        int most = bound.unlessNone("count").isPresent() ? bound.wholeNumber("count", -1) : -1;
        return new Text(TextSearch.replace(
                input.text(budget),
                bound.require("old").text(budget),
                bound.require("new").text(budget),
                most,
                evaluation));
    }

    private static Value join(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("join", "d", "attribute");
        Budget budget = evaluation.budget();
        String separator = bound.get("d").orElse(Text.EMPTY).text(budget);
        Optional<Value> attribute = bound.unlessNone("attribute");
        TextBuffer joined = new TextBuffer(budget);
        String before = "";
        for (Value item : input.elements(budget)) {
            joined.append(before);
            Value part =
                    attribute.isPresent() ? AttributePath.of(attribute.get()).in(item, budget) : item;
            part.print(joined);
            before = separator;
        }
        return new Text(joined.toString());
    }

    private static Value center(Value input, Arguments arguments, Evaluation evaluation) {
        int width = arguments.bind("center", "width").wholeNumber("width", DEFAULT_WIDTH);
        Budget budget = evaluation.budget();
        return new Text(TextPadding.pad(input.text(budget), width, " ", TextPadding.Side.BOTH, budget));
    }

    private static Value indent(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("indent", "width", "first", "blank");
        Budget budget = evaluation.budget();
        String indention = bound.get("width").filter(Text.class::isInstance).isPresent()
                ? bound.requireText("width")
                : TextPadding.pad("", bound.wholeNumber("width", DEFAULT_INDENT), " ", TextPadding.Side.LEFT, budget);
        boolean blank = bound.truth("blank", false);
        String text =
                new Arguments(List.of(input), Map.of()).bind("indent", "s").requireText("s");
        TextBuffer out = new TextBuffer(budget);
        boolean indents = bound.truth("first", false);
        String before = "";
        for (String line : Strings.lines(text + "\n", budget)) {
            boolean firstLine = before.isEmpty();
            out.append(before);
            out.append(indents && (firstLine || blank || !line.isEmpty()) ? indention : "");
            out.append(line);
            indents = true;
            before = "\n";
        }
        return new Text(out.toString());
    }

    private static Value truncate(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
        int length = bound.wholeNumber("length", DEFAULT_LENGTH);
        String end = bound.text("end", "...");
        int leeway = bound.unlessNone("leeway").isPresent() ? bound.wholeNumber("leeway", LEEWAY) : LEEWAY;
        String text =
                new Arguments(List.of(input), Map.of()).bind("truncate", "s").requireText("s");
        int endLength = end.codePointCount(0, end.length());
        if (length < endLength || leeway < 0) {
            throw Fault.evaluation("expected length >= " + endLength + " and leeway >= 0");
        }
        if (text.codePointCount(0, text.length()) <= (long) length + leeway) {
            return input;
        }
        String cut = text.substring(0, text.offsetByCodePoints(0, length - endLength));
        int space = bound.truth("killwords", false) ? -1 : cut.lastIndexOf(' ');
        return Text.of((space < 0 ? cut : cut.substring(0, space)) + end, evaluation.budget());
    }

    private static Value format(Value input, Arguments arguments, Evaluation evaluation) {
        Budget budget = evaluation.budget();
        if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
            throw Fault.evaluation("can't handle positional and keyword arguments at the same time");
        }
        Value values = arguments.named().isEmpty()
                ? TupleValue.of(arguments.positional(), budget)
                : Dict.ofNames(arguments.named(), budget);
        return new Text(PercentFormat.format(input.text(budget), values, budget));
    }

    /** Runs of letters, digits and underscores. */
    private static Value wordCount(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("wordcount");
        int words = 0;
        boolean inside = false;
        for (int point : input.text(evaluation.budget()).codePoints().toArray()) {
            boolean word = Character.isLetterOrDigit(point) || point == '_';
            words += word && !inside ? 1 : 0;
            inside = word;
        }
        return Int.of(words);
    }
}

package org.dilort.template;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.dilort.template.Arguments.Bound;

/** The methods of Python's {@code str}. */
final class TextMethods {
    private static final Map<String, Method> METHODS = Map.ofEntries(
            entry("strip", (text, a, e) -> strip(text, a, e, "strip")),
            entry("lstrip", (text, a, e) -> strip(text, a, e, "lstrip")),
            entry("rstrip", (text, a, e) -> strip(text, a, e, "rstrip")),
            entry("split", (text, a, e) -> split(text, a, e, Splits.From.START)),
            entry("rsplit", (text, a, e) -> split(text, a, e, Splits.From.END)),
            entry("splitlines", TextMethods::splitLines),
            entry("startswith", (text, a, e) -> affix(text, a, e, "startswith", (t, part) -> t.startsWith(part))),
            entry("endswith", (text, a, e) -> affix(text, a, e, "endswith", (t, part) -> t.endsWith(part))),
            entry("removeprefix", TextMethods::removePrefix),
            entry("removesuffix", TextMethods::removeSuffix),
            entry("replace", TextMethods::replace),
            entry("join", TextMethods::join),
            entry("find", (text, a, e) -> Int.of(TextSearch.find(text, a, e, "find"))),
            entry("rfind", (text, a, e) -> Int.of(TextSearch.find(text, a, e, "rfind"))),
            entry("index", (text, a, e) -> Int.of(TextSearch.index(text, a, e, "index"))),
            entry("rindex", (text, a, e) -> Int.of(TextSearch.index(text, a, e, "rindex"))),
            entry("count", (text, a, e) -> Int.of(TextSearch.count(text, a, e))),
            entry("partition", (text, a, e) -> TextSearch.partition(text, a, e, "partition")),
            entry("rpartition", (text, a, e) -> TextSearch.partition(text, a, e, "rpartition")),
            entry("upper", change("upper", text -> text.toUpperCase(Locale.ROOT))),
            entry("lower", change("lower", text -> text.toLowerCase(Locale.ROOT))),
            entry("title", change("title", Strings::title)),
            entry("capitalize", change("capitalize", Strings::capitalize)),
            entry("zfill", TextPadding::zeroFill),
            entry("center", (text, a, e) -> TextPadding.pad(text, a, e, "center", TextPadding.Side.BOTH)),
            entry("ljust", (text, a, e) -> TextPadding.pad(text, a, e, "ljust", TextPadding.Side.RIGHT)),
            entry("rjust", (text, a, e) -> TextPadding.pad(text, a, e, "rjust", TextPadding.Side.LEFT)),
            entry("isspace", every("isspace", Strings::isSpace)),
            entry("isdigit", every("isdigit", Character::isDigit)),
            entry("isdecimal", every("isdecimal", Character::isDigit)),
            entry("isalpha", every("isalpha", Character::isLetter)),
            entry("isalnum", every("isalnum", Character::isLetterOrDigit)),
            entry("isupper", test("isupper", Strings::isUpper)),
            entry("islower", test("islower", Strings::isLower)));

    /** What Python has and templates of language models do without. */
    private static final Set<String> UNSUPPORTED = Set.of(
            "casefold",
            "encode",
            "expandtabs",
            "format",
            "format_map",
            "isascii",
            "isidentifier",
            "isnumeric",
            "isprintable",
            "istitle",
            "maketrans",
            "swapcase",
            "translate");

    private TextMethods() {}

    /** What a method does with its text. */
    private interface Method {
        Value call(String text, Arguments arguments, Evaluation evaluation);
    }

    /** How a part may lie in a text. */
    private interface Lies {
        boolean in(String text, String part);
    }

    static Optional<Value> of(Text text, String name) {
        if (UNSUPPORTED.contains(name)) {
            throw Fault.unsupported("method '" + name + "' of 'str'");
        }
        Method method = METHODS.get(name);
        if (method == null) {
            return Optional.empty();
        }
        return Optional.of(new Function(name, (arguments, evaluation) -> {
            evaluation.budget().read(text.value().length());
            return method.call(text.value(), arguments, evaluation);
        }));
    }

    private static Method change(String name, UnaryOperator<String> change) {
        return (text, arguments, evaluation) -> {
            arguments.bind(name);
            evaluation.budget().requireLength(text.length());
            return Text.of(change.apply(text), evaluation.budget());
        };
    }

    private static Method test(String name, Predicate<String> test) {
        return (text, arguments, evaluation) -> {
            arguments.bind(name);
            return Bool.of(test.test(text));
        };
    }

    private static Method every(String name, IntPredicate kind) {
        return test(name, text -> !text.isEmpty() && text.codePoints().allMatch(kind));
    }

    private static Value strip(String text, Arguments arguments, Evaluation evaluation, String name) {
        Optional<Value> set = arguments.bind(name, "chars").unlessNone("chars");
        String start = text;
        if (!name.equals("rstrip")) {
            start = set.isPresent() ? Strings.stripStart(text, characters(set.get())) : Strings.stripStart(text);
        }
        String end = start;
        if (!name.equals("lstrip")) {
            end = set.isPresent() ? Strings.stripEnd(start, characters(set.get())) : Strings.stripEnd(start);
        }
        return Text.of(end, evaluation.budget());
    }

    private static String characters(Value set) {
        if (set instanceof Text text && text.value().length() <= TextSearch.SET_LIMIT) {
            return text.value();
        }
        throw Fault.evaluation("strip arg: got '" + set.type() + "', expected None or a string of at most "
                + TextSearch.SET_LIMIT + " characters");
    }

    private static Value split(String text, Arguments arguments, Evaluation evaluation, Splits.From from) {
        Bound bound = arguments.bind("split", "sep", "maxsplit");
        int most = bound.wholeNumber("maxsplit", -1);
        Optional<Value> separator = bound.unlessNone("sep");
        if (separator.isEmpty()) {
            return texts(Splits.bySpace(text, most, from, evaluation.budget()), evaluation.budget());
        }
        String by = bound.requireText("sep");
        evaluation.budget().search(text.length(), by.length());
        return texts(Splits.bySeparator(text, by, most, from, evaluation.budget()), evaluation.budget());
    }

    static ListValue texts(List<String> parts, Budget budget) {
        List<Value> values = new ArrayList<>(parts.size());
        parts.forEach(part -> values.add(Text.of(part, budget)));
        return ListValue.of(values, budget);
    }

    private static Value splitLines(String text, Arguments arguments, Evaluation evaluation) {
        if (arguments.bind("splitlines", "keepends").truth("keepends", false)) {
            throw Fault.unsupported("'splitlines' with keepends");
        }
        return texts(Strings.lines(text, evaluation.budget()), evaluation.budget());
    }

    private static Value affix(String text, Arguments arguments, Evaluation evaluation, String name, Lies lies) {
        Value affix = arguments.bind(name, "prefix").require("prefix");
        List<Value> choices = affix instanceof TupleValue tuple ? tuple.items() : List.of(affix);
        for (Value choice : choices) {
            if (!(choice instanceof Text part)) {
                throw Fault.evaluation(name + " first arg must be str or a tuple of str, not " + choice.type());
            }
            evaluation.budget().read(part.value().length());
            if (lies.in(text, part.value())) {
                return Bool.TRUE;
            }
        }
        return Bool.FALSE;
    }

    private static Value removePrefix(String text, Arguments arguments, Evaluation evaluation) {
        String prefix = arguments.bind("removeprefix", "prefix").requireText("prefix");
        String rest = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        return Text.of(rest, evaluation.budget());
    }

    private static Value removeSuffix(String text, Arguments arguments, Evaluation evaluation) {
        String suffix = arguments.bind("removesuffix", "suffix").requireText("suffix");
        String rest = text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        return Text.of(rest, evaluation.budget());
    }

    private static Value replace(String text, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("replace", "old", "new", "count");
        String replaced = TextSearch.replace(
                text, bound.requireText("old"), bound.requireText("new"), bound.wholeNumber("count", -1), evaluation);
        return new Text(replaced);
    }

    private static Value join(String separator, Arguments arguments, Evaluation evaluation) {
        Value values = arguments.bind("join", "iterable").require("iterable");
        TextBuffer joined = new TextBuffer(evaluation.budget());
        String before = "";
        for (Value value : values.elements(evaluation.budget())) {
            if (!(value instanceof Text text)) {
                throw Fault.evaluation("sequence item: expected str instance, " + value.type() + " found");
            }
            joined.append(before).append(text.value());
            before = separator;
        }
        return new Text(joined.toString());
    }
}

package org.dilort.template;

import java.util.List;
import org.dilort.template.Arguments.Bound;

/** The methods of Python's {@code str} that look for a part; positions count code points. */
final class TextSearch {
    /** Characters that a set to strip, or to look through, may have. */
    static final int SET_LIMIT = 1000;

    private TextSearch() {}

    static int find(String text, Arguments arguments, Evaluation evaluation, String name) {
        Bound bound = arguments.bind(name, "sub", "start", "end");
        if (bound.unlessNone("start").isPresent() || bound.unlessNone("end").isPresent()) {
            throw Fault.unsupported("'" + name + "' with a start or an end");
        }
        String part = bound.requireText("sub");
        evaluation.budget().search(text.length(), part.length());
        int at = name.startsWith("r") ? text.lastIndexOf(part) : text.indexOf(part);
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    static int index(String text, Arguments arguments, Evaluation evaluation, String name) {
        int at = find(text, arguments, evaluation, name);
        if (at < 0) {
            throw Fault.evaluation("substring not found");
        }
        return at;
    }

    static int count(String text, Arguments arguments, Evaluation evaluation) {
        String part = arguments.bind("count", "sub").requireText("sub");
        if (part.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1;
        }
        evaluation.budget().search(text.length(), part.length());
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** What stands before a part, the part, and what stands behind it. */
    static Value partition(String text, Arguments arguments, Evaluation evaluation, String name) {
        String part = arguments.bind(name, "sep").requireText("sep");
        if (part.isEmpty()) {
            throw Fault.evaluation("empty separator");
        }
        Budget budget = evaluation.budget();
        budget.search(text.length(), part.length());
        boolean last = name.startsWith("r");
        int at = last ? text.lastIndexOf(part) : text.indexOf(part);
        if (at < 0) {
            List<Value> whole = last
                    ? List.of(Text.EMPTY, Text.EMPTY, new Text(text))
                    : List.of(new Text(text), Text.EMPTY, Text.EMPTY);
            return TupleValue.of(whole, budget);
        }
        List<Value> parts = List.of(
                Text.of(text.substring(0, at), budget),
                new Text(part),
                Text.of(text.substring(at + part.length()), budget));
        return TupleValue.of(parts, budget);
    }

    /** @param most replacements, negative for any number */
    static String replace(String text, String old, String with, int most, Evaluation evaluation) {
        Budget budget = evaluation.budget();
        if (old.isEmpty()) {
            return interleave(text, with, most, budget);
        }
        budget.search(text.length(), old.length());
        TextBuffer out = new TextBuffer(budget);
        int start = 0;
        int found = text.indexOf(old);
        for (int done = 0; found >= 0 && done != most; done++) {
            out.append(text.substring(start, found)).append(with);
            start = found + old.length();
            found = text.indexOf(old, start);
        }
        return out.append(text.substring(start)).toString();
    }

    /** An empty text lies before every character and at the end. */
    private static String interleave(String text, String with, int most, Budget budget) {
        TextBuffer out = new TextBuffer(budget);
        int done = 0;
        int at = 0;
        while (done != most) {
            out.append(with);
            done++;
            if (at == text.length()) {
                return out.toString();
            }
            int next = text.offsetByCodePoints(at, 1);
            out.append(text.substring(at, next));
            at = next;
        }
        return out.append(text.substring(at)).toString();
    }
}

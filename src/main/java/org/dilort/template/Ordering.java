package org.dilort.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** How Python orders values: numbers among themselves, strings, lists, tuples; anything else has no order. */
final class Ordering {
    private Ordering() {}

    /** An operator between values that have an order. */
    enum Relation {
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        boolean holds(int comparison) {
            return switch (this) {
                case LESS -> comparison < 0;
                case LESS_OR_EQUAL -> comparison <= 0;
                case GREATER -> comparison > 0;
                case GREATER_OR_EQUAL -> comparison >= 0;
            };
        }
    }

    static boolean test(Value a, Relation relation, Value b, Budget budget) {
        budget.step();
        if (a instanceof Numeric first && b instanceof Numeric second) {
            boolean unordered = Numbers.isNaN(first) || Numbers.isNaN(second);
            return !unordered && relation.holds(Numbers.compare(first, second));
        }
        if (a instanceof Text first && b instanceof Text second) {
            budget.read(Math.min(first.value().length(), second.value().length()));
            return relation.holds(byCodePoint(first.value(), second.value()));
        }
        if (a instanceof ListValue first && b instanceof ListValue second) {
            return test(first.items(), relation, second.items(), budget);
        }
        if (a instanceof TupleValue first && b instanceof TupleValue second) {
            return test(first.items(), relation, second.items(), budget);
        }
        throw unordered(a, relation, b);
    }

    private static Fault unordered(Value a, Relation relation, Value b) {
        if (a instanceof Undefined undefined) {
            return undefined.fault();
        }
        if (b instanceof Undefined undefined) {
            return undefined.fault();
        }
        return Fault.evaluation(
                "'" + relation.sign + "' not supported between instances of '" + a.type() + "' and '" + b.type() + "'");
    }

    /** The first unequal elements decide; where there are none, the lengths. */
    private static boolean test(List<Value> a, Relation relation, List<Value> b, Budget budget) {
        int common = Math.min(a.size(), b.size());
        for (int i = 0; i < common; i++) {
            if (!a.get(i).equalTo(b.get(i), budget)) {
                return test(a.get(i), relation, b.get(i), budget);
            }
        }
        return relation.holds(Integer.compare(a.size(), b.size()));
    }

    private static int byCodePoint(String a, String b) {
        int i = 0;
        int common = Math.min(a.length(), b.length());
        while (i < common && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        if (i == common) {
            return Integer.compare(a.length(), b.length());
        }
        boolean pairs = Character.isSurrogate(a.charAt(i)) || Character.isSurrogate(b.charAt(i));
        int start = pairs && i > 0 && Character.isHighSurrogate(a.charAt(i - 1)) ? i - 1 : i;
        return Integer.compare(a.codePointAt(start), b.codePointAt(start));
    }

    /** A stable sort by keys; {@code reverse} keeps equal ones in their order too. */
    static List<Value> sort(List<Value> values, UnaryOperator<Value> key, boolean reverse, Budget budget) {
        List<Keyed> keyed = new ArrayList<>(values.size());
        for (Value value : values) {
            keyed.add(new Keyed(orderable(key.apply(value)), value));
        }
        budget.gather(values.size());
        Comparator<Keyed> ascending = (a, b) -> compare(a.key(), b.key(), budget);
        keyed.sort(reverse ? ascending.reversed() : ascending);
        return keyed.stream().map(Keyed::value).toList();
    }

    private record Keyed(Value key, Value value) {}

    private static int compare(Value a, Value b, Budget budget) {
        if (test(a, Relation.LESS, b, budget)) {
            return -1;
        }
        return test(b, Relation.LESS, a, budget) ? 1 : 0;
    }

    private static Value orderable(Value key) {
        if (key instanceof Numeric number && Numbers.isNaN(number)) {
            throw Fault.evaluation("nan has no place in an order");
        }
        if (key instanceof ListValue list) {
            list.items().forEach(Ordering::orderable);
        }
        if (key instanceof TupleValue tuple) {
            tuple.items().forEach(Ordering::orderable);
        }
        return key;
    }
}

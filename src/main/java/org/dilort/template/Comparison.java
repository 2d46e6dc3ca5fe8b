package org.dilort.template;

import java.util.List;

/** {@code a < b <= c}: each link holds, and each operand is evaluated once. */
record Comparison(int line, Expression first, List<Link> links) implements Expression {

    record Link(Comparator comparator, Expression operand) {}

    enum Comparator {
        EQUAL("=="),
        UNEQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        IN("in"),
        NOT_IN("not in");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        boolean holds(Value a, Value b, Budget budget) {
            return switch (this) {
                case EQUAL -> a.equalTo(b, budget);
                case UNEQUAL -> !a.equalTo(b, budget);
                case LESS -> Ordering.test(a, Ordering.Relation.LESS, b, budget);
                case LESS_OR_EQUAL -> Ordering.test(a, Ordering.Relation.LESS_OR_EQUAL, b, budget);
                case GREATER -> Ordering.test(a, Ordering.Relation.GREATER, b, budget);
                case GREATER_OR_EQUAL -> Ordering.test(a, Ordering.Relation.GREATER_OR_EQUAL, b, budget);
                case IN -> isIn(a, b, budget);
                case NOT_IN -> !isIn(a, b, budget);
            };
        }

        private static boolean isIn(Value wanted, Value container, Budget budget) {
            return container.contains(wanted, budget);
        }
    }

    @Override
    public String construct() {
        return "'" + links.get(0).comparator().sign + "'";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        Value left = evaluation.evaluate(first);
        for (Link link : links) {
            Value right = evaluation.evaluate(link.operand());
            if (!link.comparator().holds(left, right, evaluation.budget())) {
                return Bool.FALSE;
            }
            left = right;
        }
        return Bool.TRUE;
    }
}

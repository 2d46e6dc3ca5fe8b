package org.dilort.template;

import java.util.ArrayList;
import java.util.List;

/** A node of a template that has a value. */
sealed interface Expression
        permits Expression.Literal,
                Expression.Name,
                Expression.ListDisplay,
                Expression.TupleDisplay,
                Expression.DictDisplay,
                Expression.Conditional,
                Expression.And,
                Expression.Or,
                Expression.Not,
                Expression.Concatenation,
                Arithmetical,
                Sign,
                Comparison,
                Member,
                Subscript,
                Slice,
                Call,
                FilterCall,
                TestCall {

    /** Line of the template, from 1. */
    int line();

    /** What the node is, for a message. */
    String construct();

    Value evaluate(Evaluation evaluation);

    record Literal(int line, Value value) implements Expression {
        @Override
        public String construct() {
            return "literal";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return value;
        }
    }

    record Name(int line, String name) implements Expression {
        @Override
        public String construct() {
            return "'" + name + "'";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return evaluation.scope().get(name).orElseGet(() -> Undefined.name(name));
        }
    }

    record ListDisplay(int line, List<Expression> items) implements Expression {
        @Override
        public String construct() {
            return "list";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return ListValue.of(values(items, evaluation), evaluation.budget());
        }
    }

    record TupleDisplay(int line, List<Expression> items) implements Expression {
        @Override
        public String construct() {
            return "tuple";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return TupleValue.of(values(items, evaluation), evaluation.budget());
        }
    }

    record DictDisplay(int line, List<Item> items) implements Expression {

        record Item(Expression key, Expression value) {}

        @Override
        public String construct() {
            return "dict";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            List<Dict.Entry> entries = new ArrayList<>(items.size());
            for (Item item : items) {
                entries.add(new Dict.Entry(evaluation.evaluate(item.key()), evaluation.evaluate(item.value())));
            }
            return Dict.of(entries, evaluation.budget());
        }
    }

    /** {@code value if test else otherwise}. */
    record Conditional(int line, Expression test, Expression value, Expression otherwise) implements Expression {
        @Override
        public String construct() {
            return "inline 'if'";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return evaluation.evaluate(evaluation.evaluate(test).truth() ? value : otherwise);
        }
    }

    /** The first operand that is false, else the last one. */
    record And(int line, Expression left, Expression right) implements Expression {
        @Override
        public String construct() {
            return "'and'";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            Value value = evaluation.evaluate(left);
            return value.truth() ? evaluation.evaluate(right) : value;
        }
    }

    /** The first operand that is true, else the last one. */
    record Or(int line, Expression left, Expression right) implements Expression {
        @Override
        public String construct() {
            return "'or'";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            Value value = evaluation.evaluate(left);
            return value.truth() ? value : evaluation.evaluate(right);
        }
    }

    record Not(int line, Expression operand) implements Expression {
        @Override
        public String construct() {
            return "'not'";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            return Bool.of(!evaluation.evaluate(operand).truth());
        }
    }

    /** {@code a ~ b ~ c}: the operands as texts. */
    record Concatenation(int line, List<Expression> parts) implements Expression {
        @Override
        public String construct() {
            return "'~'";
        }

        @Override
        public Value evaluate(Evaluation evaluation) {
            TextBuffer text = new TextBuffer(evaluation.budget());
            parts.forEach(part -> evaluation.evaluate(part).print(text));
            return new Text(text.toString());
        }
    }

    private static List<Value> values(List<Expression> items, Evaluation evaluation) {
        List<Value> values = new ArrayList<>(items.size());
        items.forEach(item -> values.add(evaluation.evaluate(item)));
        return values;
    }
}

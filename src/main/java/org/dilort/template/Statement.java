package org.dilort.template;

import java.util.List;

/** A node of a template that writes or sets something. */
sealed interface Statement
        permits Statement.TextOutput,
                Statement.Print,
                Statement.If,
                Statement.Set,
                Statement.SetBlock,
                Statement.With,
                Statement.FilterBlock,
                Statement.LoopControl,
                Statement.Generation,
                For,
                MacroDefinition,
                CallBlock {

    /** Line of the template, from 1. */
    int line();

    /** What the node is, for a message. */
    String construct();

    Flow execute(Evaluation evaluation);

    record TextOutput(int line, String text) implements Statement {
        @Override
        public String construct() {
            return "text";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            evaluation.out().append(text);
            return Flow.NEXT;
        }
    }

    record Print(int line, Expression expression) implements Statement {
        @Override
        public String construct() {
            return "output";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            evaluation.evaluate(expression).print(evaluation.out());
            return Flow.NEXT;
        }
    }

    /** The body of the first test that holds, else the last body. */
    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {

        record Branch(Expression test, List<Statement> body) {}

        @Override
        public String construct() {
            return "'if'";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            for (Branch branch : branches) {
                if (evaluation.evaluate(branch.test()).truth()) {
                    return evaluation.execute(branch.body());
                }
            }
            return evaluation.execute(otherwise);
        }
    }

    record Set(int line, Target target, Expression value) implements Statement {
        @Override
        public String construct() {
            return "'set'";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            target.assign(evaluation.evaluate(value), evaluation);
            return Flow.NEXT;
        }
    }

    /** Sets a name to what the body writes, through the filters. */
    record SetBlock(int line, Target target, FilterChain filters, List<Statement> body) implements Statement {
        @Override
        public String construct() {
            return "'set' block";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            Text text = evaluation.capture(body, evaluation.scope().inner());
            target.assign(filters.apply(text, evaluation), evaluation);
            return Flow.NEXT;
        }
    }

    record FilterBlock(int line, FilterChain filters, List<Statement> body) implements Statement {
        @Override
        public String construct() {
            return "'filter' block";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            Text text = evaluation.capture(body, evaluation.scope().inner());
            filters.apply(text, evaluation).print(evaluation.out());
            return Flow.NEXT;
        }
    }

    /** Names that only the body sees; their values do not see each other. */
    record With(int line, List<Binding> bindings, List<Statement> body) implements Statement {

        record Binding(Target target, Expression value) {}

        @Override
        public String construct() {
            return "'with'";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            List<Value> values = bindings.stream()
                    .map(binding -> evaluation.evaluate(binding.value()))
                    .toList();
            return evaluation.inScope(evaluation.scope().inner(), () -> {
                for (int i = 0; i < values.size(); i++) {
                    bindings.get(i).target().assign(values.get(i), evaluation);
                }
                return evaluation.execute(body);
            });
        }
    }

    /** {@code break} or {@code continue}. */
    record LoopControl(int line, Flow flow) implements Statement {
        @Override
        public String construct() {
            return flow == Flow.BREAK ? "'break'" : "'continue'";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            return flow;
        }
    }

    /** transformers' mark around what the assistant says; it changes nothing here. */
    record Generation(int line, List<Statement> body) implements Statement {
        @Override
        public String construct() {
            return "'generation'";
        }

        @Override
        public Flow execute(Evaluation evaluation) {
            return evaluation.inScope(evaluation.scope().inner(), () -> evaluation.execute(body));
        }
    }
}

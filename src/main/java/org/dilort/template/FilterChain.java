package org.dilort.template;

import java.util.List;

/** The filters of a block, which a text goes through in order. */
record FilterChain(List<Link> links) {
    static final FilterChain NONE = new FilterChain(List.of());

    record Link(int line, String name, Filter filter, CallArguments arguments) {}

    Value apply(Text text, Evaluation evaluation) {
        Value value = text;
        for (Link link : links) {
            Expression input = new Expression.Literal(link.line(), value);
            value = evaluation.evaluate(
                    new FilterCall(link.line(), input, link.name(), link.filter(), link.arguments()));
        }
        return value;
    }
}

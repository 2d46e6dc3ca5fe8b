package org.dilort.template;

import org.dilort.template.TemplateException.Kind;

/** Something wrong where no line is known; the node that is being parsed or evaluated adds it. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private Fault(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static Fault syntax(String message) {
        return new Fault(Kind.SYNTAX, message);
    }

    static Fault evaluation(String message) {
        return new Fault(Kind.EVALUATION, message);
    }

    static Fault limit(String message) {
        return new Fault(Kind.LIMIT, message);
    }

    static Fault unsupported(String message) {
        return new Fault(Kind.UNSUPPORTED, message);
    }

    static Fault raised(String message) {
        return new Fault(Kind.RAISED, message);
    }

    TemplateException at(String template, int line, String construct) {
        return new TemplateException(kind, template, line, construct, String.valueOf(getMessage()));
    }
}

package org.dilort.template;

import org.dilort.error.UserException;

/** A chat template is wrong, is not supported, does too much, or refuses a conversation. */
public final class TemplateException extends UserException {
    private static final long serialVersionUID = 1L;
    private static final int MESSAGE_LIMIT = 300;

    /** What kind of end it was. */
    public enum Kind {
        /** The source is no template. */
        SYNTAX,
        /** Jinja2 may know it; this program does not. */
        UNSUPPORTED,
        /** An operation that its values do not allow. */
        EVALUATION,
        /** More work, text or nesting than a template may have. */
        LIMIT,
        /** The template itself called {@code raise_exception}. */
        RAISED
    }

    private final Kind kind;
    private final int line;

    TemplateException(Kind kind, String template, int line, String construct, String message) {
        super(template + ":" + line + ": " + construct + ": " + oneLine(message));
        this.kind = kind;
        this.line = line;
    }

    public Kind kind() {
        return kind;
    }

    /** Line of the template, from 1. */
    public int line() {
        return line;
    }

    /** Messages may hold texts of the template and of the data. */
    private static String oneLine(String message) {
        int end = Math.min(message.length(), MESSAGE_LIMIT);
        String cut = message.substring(0, end).replaceAll("\\p{Cntrl}|[\u0085\u2028\u2029]", " ");
        return end < message.length() ? cut + " ..." : cut;
    }
}

package org.dilort.template;

/**
 * A piece of a template.
 *
 * @param text of a string: what it stands for; of an end of a tag: empty
 * @param line from 1
 */
record Token(Type type, String text, int line) {

    enum Type {
        /** Text outside of tags. */
        DATA,
        EXPRESSION_BEGIN,
        EXPRESSION_END,
        STATEMENT_BEGIN,
        STATEMENT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Type wanted, String content) {
        return type == wanted && text.equals(content);
    }

    /** For a message. */
    String describe() {
        return switch (type) {
            case DATA -> "text";
            case EXPRESSION_BEGIN -> "'{{'";
            case EXPRESSION_END -> "'}}'";
            case STATEMENT_BEGIN -> "'{%'";
            case STATEMENT_END -> "'%}'";
            case STRING -> "a string";
            case END -> "the end of the template";
            case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
        };
    }
}

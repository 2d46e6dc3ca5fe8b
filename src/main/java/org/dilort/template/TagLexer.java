package org.dilort.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.dilort.template.TemplateException.Kind;

/** Cuts the inside of one tag into tokens, and knows which brackets are open. */
final class TagLexer {
    /** Longer ones first. */
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private static final String OPENING = "([{";
    private static final String CLOSING = ")]}";

    private final String template;
    private final String source;
    private final Deque<Character> open = new ArrayDeque<>();
    private int end;

    TagLexer(String template, String source) {
        this.template = template;
        this.source = source;
    }

    boolean isBalanced() {
        return open.isEmpty();
    }

    /** Where the last token ended. */
    int end() {
        return end;
    }

    Token next(int start, int line) {
        char c = source.charAt(start);
        if (isDigit(start)) {
            return number(start, line);
        }
        if (Character.isLetter(source.codePointAt(start)) || c == '_') {
            end = start;
            while (end < source.length() && isNamePart(source.codePointAt(end))) {
                end += Character.charCount(source.codePointAt(end));
            }
            return new Token(Token.Type.NAME, source.substring(start, end), line);
        }
        if (c == '\'' || c == '"') {
            return string(start, line);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, start)) {
                balance(operator.charAt(0), line);
                end = start + operator.length();
                return new Token(Token.Type.OPERATOR, operator, line);
            }
        }
        throw error(line, "character", "unexpected '" + Character.toString(source.codePointAt(start)) + "'");
    }

    private static boolean isNamePart(int point) {
        return Character.isLetterOrDigit(point)
                || point == '_'
                || Character.getType(point) == Character.NON_SPACING_MARK;
    }

    private void balance(char bracket, int line) {
        if (OPENING.indexOf(bracket) >= 0) {
            open.push(CLOSING.charAt(OPENING.indexOf(bracket)));
        }
        if (CLOSING.indexOf(bracket) < 0) {
            return;
        }
        if (open.isEmpty()) {
            throw error(line, "bracket", "unexpected '" + bracket + "'");
        }
        char expected = open.pop();
        if (expected != bracket) {
            throw error(line, "bracket", "unexpected '" + bracket + "', expected '" + expected + "'");
        }
    }

    private boolean isDigit(int position) {
        return position < source.length() && source.charAt(position) >= '0' && source.charAt(position) <= '9';
    }

    private Token number(int start, int line) {
        String prefix =
                source.substring(start, Math.min(source.length(), start + 2)).toLowerCase(Locale.ROOT);
        if (prefix.equals("0x") || prefix.equals("0o") || prefix.equals("0b")) {
            throw new TemplateException(Kind.UNSUPPORTED, template, line, "number", "numbers that are not decimal");
        }
        end = digits(start);
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        int fraction = source.startsWith(".", end) && isDigit(end + 1) ? digits(end + 1) : end;
        int exponent = exponent(fraction);
        if (!afterDot && exponent > end) {
            end = exponent;
            return new Token(Token.Type.FLOAT, source.substring(start, end).replace("_", ""), line);
        }
        String whole = source.substring(start, end).replace("_", "");
        if (whole.length() > Int.DIGITS) {
            throw new TemplateException(
                    Kind.LIMIT, template, line, "number", "a number of more than " + Int.DIGITS + " digits");
        }
        if (whole.startsWith("0") && !whole.matches("0+")) {
            throw error(line, "number", "got '" + whole + "', expected no leading zero");
        }
        return new Token(Token.Type.INTEGER, whole, line);
    }

    private int digits(int start) {
        int position = start;
        while (isDigit(position) || (source.startsWith("_", position) && isDigit(position + 1))) {
            position++;
        }
        return position;
    }

    private int exponent(int start) {
        if (!source.startsWith("e", start) && !source.startsWith("E", start)) {
            return start;
        }
        boolean signed = source.startsWith("+", start + 1) || source.startsWith("-", start + 1);
        int first = start + (signed ? 2 : 1);
        return isDigit(first) ? digits(first) : start;
    }

    private Token string(int start, int line) {
        char quote = source.charAt(start);
        end = start + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error(line, "string", "no closing " + quote);
        }
        end++;
        try {
            return new Token(Token.Type.STRING, StringLiteral.value(source.substring(start + 1, end - 1)), line);
        } catch (Fault fault) {
            throw fault.at(template, line, "string");
        }
    }

    private TemplateException error(int line, String construct, String message) {
        return new TemplateException(Kind.SYNTAX, template, line, construct, message);
    }
}

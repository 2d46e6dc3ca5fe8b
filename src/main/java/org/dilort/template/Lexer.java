package org.dilort.template;

import java.util.ArrayList;
import java.util.List;
import org.dilort.template.TemplateException.Kind;

/**
 * Cuts a template into tokens, with the white space as {@code trim_blocks} and {@code lstrip_blocks} leave it: a
 * statement or comment takes the line's end behind it and the blanks before it on its line; a {@code -} takes all white
 * space on its side, a {@code +} none. The last line's end of the source is dropped.
 */
final class Lexer {
    private static final String RAW = "raw";
    private static final String END_RAW = "endraw";

    private final String template;
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarts = true;

    private Lexer(String template, String source) {
        this.template = template;
        this.source = source;
    }

    static List<Token> tokens(String template, String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        return new Lexer(template, lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines).run();
    }

    private List<Token> run() {
        while (at < source.length()) {
            int tag = nextTag(at);
            if (tag < 0) {
                addData(source.substring(at));
                moveTo(source.length());
                break;
            }
            openTag(tag);
        }
        add(Token.Type.END, "");
        return tokens;
    }

    private int nextTag(int from) {
        int tag = source.indexOf('{', from);
        while (tag >= 0 && (tag + 1 >= source.length() || "{%#".indexOf(source.charAt(tag + 1)) < 0)) {
            tag = source.indexOf('{', tag + 1);
        }
        return tag;
    }

    private void openTag(int tag) {
        char kind = source.charAt(tag + 1);
        String text = textBefore(tag, kind);
        int begin = tag + 2 + (isSign(tag + 2) ? 1 : 0);
        int rawEnd = kind == '%' ? rawBegin(begin) : -1;
        addData(text);
        if (rawEnd >= 0) {
            moveTo(rawEnd);
            readRaw();
            return;
        }
        moveTo(begin);
        switch (kind) {
            case '#' -> skipComment();
            case '%' -> readTag(Token.Type.STATEMENT_BEGIN, Token.Type.STATEMENT_END);
            default -> readTag(Token.Type.EXPRESSION_BEGIN, Token.Type.EXPRESSION_END);
        }
    }

    private boolean isSign(int position) {
        return position < source.length() && (source.charAt(position) == '-' || source.charAt(position) == '+');
    }

    /** The text from here to a tag, without the white space that the tag takes. */
    private String textBefore(int tag, char kind) {
        String text = source.substring(at, tag);
        if (source.startsWith("-", tag + 2)) {
            return Strings.stripEnd(text);
        }
        if (source.startsWith("+", tag + 2) || kind == '{') {
            return text;
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean blank = Strings.strip(text.substring(lineStart)).isEmpty();
        return blank && (lineStart > 0 || lineStarts) ? text.substring(0, lineStart) : text;
    }

    /** Where the text of a raw block begins, if this is the inside of a tag that opens one. */
    private int rawBegin(int begin) {
        int name = skipSpace(begin);
        if (!source.startsWith(RAW, name)) {
            return -1;
        }
        int end = skipSpace(name + RAW.length());
        if (source.startsWith("-%}", end)) {
            return skipSpace(end + 3);
        }
        return source.startsWith("%}", end) ? end + 2 : -1;
    }

    private void readRaw() {
        int start = at;
        for (int tag = source.indexOf("{%", start); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
            int name = skipSpace(tag + 2 + (isSign(tag + 2) ? 1 : 0));
            int end = source.startsWith(END_RAW, name) ? tagEnd(skipSpace(name + END_RAW.length()), "%}") : -1;
            if (end >= 0) {
                addData(textBefore(tag, '%'));
                moveTo(end);
                return;
            }
        }
        throw error("raw block", "no end of the block");
    }

    private void skipComment() {
        int mark = source.indexOf("#}", at);
        if (mark < 0) {
            throw error("comment", "no end of the comment");
        }
        moveTo(tagEnd(mark > at && isSign(mark - 1) ? mark - 1 : mark, "#}"));
    }

    /** The position behind an end of a tag and the white space that it takes; negative where there is no end. */
    private int tagEnd(int position, String mark) {
        if (source.startsWith("-" + mark, position)) {
            return skipSpace(position + 1 + mark.length());
        }
        if (source.startsWith("+" + mark, position) && !mark.equals("}}")) {
            return position + 1 + mark.length();
        }
        if (!source.startsWith(mark, position)) {
            return -1;
        }
        int end = position + mark.length();
        return !mark.equals("}}") && source.startsWith("\n", end) ? end + 1 : end;
    }

    private void readTag(Token.Type begin, Token.Type end) {
        add(begin, "");
        String mark = end == Token.Type.EXPRESSION_END ? "}}" : "%}";
        TagLexer inside = new TagLexer(template, source);
        while (true) {
            moveTo(skipSpace(at));
            int behind = inside.isBalanced() ? tagEnd(at, mark) : -1;
            if (behind >= 0) {
                add(end, "");
                moveTo(behind);
                return;
            }
            if (at >= source.length()) {
                throw error("'" + (begin == Token.Type.EXPRESSION_BEGIN ? "{{" : "{%") + "'", "no end of the tag");
            }
            tokens.add(inside.next(at, line));
            moveTo(inside.end());
        }
    }

    private int skipSpace(int position) {
        int end = position;
        while (end < source.length() && Strings.isSpace(source.charAt(end))) {
            end++;
        }
        return end;
    }

    private void addData(String text) {
        if (!text.isEmpty()) {
            add(Token.Type.DATA, text);
        }
    }

    private void add(Token.Type type, String text) {
        tokens.add(new Token(type, text, line));
    }

    private void moveTo(int position) {
        for (int i = at; i < position; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        lineStarts = position > at ? source.charAt(position - 1) == '\n' : lineStarts;
        at = position;
    }

    private TemplateException error(String construct, String message) {
        return new TemplateException(Kind.SYNTAX, template, line, construct, message);
    }
}

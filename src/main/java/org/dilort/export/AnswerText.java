package org.dilort.export;

import java.util.Arrays;
import org.dilort.data.Tokenizer;
import org.dilort.data.Tokenizer.SpecialText;

/**
 * The text of an answer while its tokens come in.
 *
 * <p>Tokens are decoded after the prompt's last ones, not alone: many tokenizers drop a space at the begin of a text.
 */
final class AnswerText {
    private static final int CONTEXT_TOKENS = 16;

    /** What decoding gives for bytes that are no whole character yet. */
    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private final int[] context;
    private final String contextText;
    private int[] answer = new int[0];
    private final StopTexts stops;
    private int told;

    AnswerText(Tokenizer tokenizer, int[] prompt, StopTexts stops) {
        this.tokenizer = tokenizer;
        this.stops = stops;
        this.context = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - CONTEXT_TOKENS), prompt.length);
        this.contextText = tokenizer.decode(context, SpecialText.SKIP);
    }

    /** Adds a token; gives the text that is certain now and was not told before. */
    String add(int token) {
        answer = Arrays.copyOf(answer, answer.length + 1);
        answer[answer.length - 1] = token;
        String text = text();
        int end = isStopped() ? text.length() : stops.certain(text);
        while (end > told && text.charAt(end - 1) == INCOMPLETE) {
            end--;
        }
        return tell(text, end);
    }

    /** By how much the text would grow, as far as it is whole characters. */
    String growth(int token) {
        String before = whole(answer);
        int[] longer = Arrays.copyOf(answer, answer.length + 1);
        longer[answer.length] = token;
        String after = whole(longer);
        int from = Math.min(certain(before), after.length());
        return after.substring(from, Math.max(from, certain(after)));
    }

    private static int certain(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == INCOMPLETE) {
            end--;
        }
        return end;
    }

    /** What was held back, at the end. */
    String rest() {
        String text = text();
        return tell(text, text.length());
    }

    private String tell(String text, int end) {
        String piece = text.substring(Math.min(told, end), end);
        told = Math.max(told, end);
        return piece;
    }

    /** Whether one of the stops came. */
    boolean isStopped() {
        return stops.mayEnd() && stops.indexIn(whole()) != StopTexts.ABSENT;
    }

    /** Up to the first stop. */
    String text() {
        String whole = whole();
        int stop = stops.indexIn(whole);
        return stop == StopTexts.ABSENT ? whole : whole.substring(0, stop);
    }

    private String whole() {
        return whole(answer);
    }

    private String whole(int[] tokens) {
        if (tokens.length == 0) {
            return "";
        }
        int[] all = Arrays.copyOf(context, context.length + tokens.length);
        System.arraycopy(tokens, 0, all, context.length, tokens.length);
        String text = tokenizer.decode(all, SpecialText.SKIP);
        return text.startsWith(contextText)
                ? text.substring(contextText.length())
                : tokenizer.decode(tokens, SpecialText.SKIP);
    }
}

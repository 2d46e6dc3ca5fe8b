package org.dilort.serve;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.dilort.export.Generation;

/** Counts of a server since its start, as Prometheus reads them (text format 0.0.4). */
final class ServerMetrics {
    private final Map<Integer, LongAdder> replies = new ConcurrentSkipListMap<>();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder completionTokens = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder answerNanos = new LongAdder();

    void replied(int status) {
        replies.computeIfAbsent(status, code -> new LongAdder()).increment();
    }

    /** @param nanos from the request's turn to its last token */
    void answered(Generation answer, long nanos) {
        promptTokens.add(answer.promptTokens());
        completionTokens.add(answer.tokens());
        answers.increment();
        answerNanos.add(nanos);
    }

    String text(Turnstile turnstile) {
        StringBuilder text = new StringBuilder();
        head(text, "dilort_replies_total", "counter", "replies by HTTP status");
        replies.forEach((status, count) -> text.append("dilort_replies_total{code=\"")
                .append(status)
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
        number(text, "dilort_prompt_tokens_total", "counter", "tokens of answered prompts", promptTokens.sum());
        number(text, "dilort_completion_tokens_total", "counter", "tokens generated", completionTokens.sum());
        number(text, "dilort_answers_running", "gauge", "answers that are being made", turnstile.running());
        number(text, "dilort_answers_waiting", "gauge", "requests that wait for their turn", turnstile.waiting());
        head(text, "dilort_answer_seconds", "summary", "time of an answer from its turn to its last token");
        text.append(String.format(Locale.ROOT, "dilort_answer_seconds_sum %.6f%n", answerNanos.sum() / 1e9));
        text.append("dilort_answer_seconds_count ").append(answers.sum()).append('\n');
        return text.toString();
    }

    private static void number(StringBuilder text, String name, String type, String help, long value) {
        head(text, name, type, help);
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}

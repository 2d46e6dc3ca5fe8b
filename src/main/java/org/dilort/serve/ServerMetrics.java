package org.dilort.serve;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.dilort.export.Generation;
import org.dilort.net.PrometheusText;
import org.dilort.net.PrometheusText.Kind;

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
        PrometheusText text = new PrometheusText();
        text.family("dilort_replies_total", Kind.COUNTER, "replies by HTTP status");
        replies.forEach((status, count) ->
                text.sample("dilort_replies_total", Map.of("code", Integer.toString(status)), count.sum()));
        count(text, "dilort_prompt_tokens_total", "tokens of answered prompts", promptTokens);
        count(text, "dilort_completion_tokens_total", "tokens generated", completionTokens);
        Map<String, String> plain = Map.of();
        text.single("dilort_answers_running", Kind.GAUGE, "answers that are being made", plain, turnstile.running());
        text.single(
                "dilort_answers_waiting", Kind.GAUGE, "requests that wait for their turn", plain, turnstile.waiting());
        text.family("dilort_answer_seconds", Kind.SUMMARY, "time of an answer from its turn to its last token");
        text.sample("dilort_answer_seconds_sum", plain, answerNanos.sum() / 1e9);
        text.sample("dilort_answer_seconds_count", plain, answers.sum());
        return text.toString();
    }

    private static void count(PrometheusText text, String name, String help, LongAdder count) {
        text.single(name, Kind.COUNTER, help, Map.of(), count.sum());
    }
}

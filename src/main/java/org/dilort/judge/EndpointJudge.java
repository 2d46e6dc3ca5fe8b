package org.dilort.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dilort.input.Json;
import org.dilort.net.BoundedExchange;

/**
 * A model behind OpenAI's chat interface that is asked for A, B or C. What it says counts where one of these letters stands
 * alone in it and no other does. Status 429 and 5xx, no answer in time and a broken connection are tried again, three times in
 * all, after pauses that double; any other status is a failure at once.
 */
final class EndpointJudge implements Judge {
    private static final String PATH = "/chat/completions";
    private static final int ANSWER_TOKENS = 16;
    private static final int ATTEMPTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int SHOWN = 200;
    private static final Pattern LETTER = Pattern.compile("(?<![\\p{L}\\p{N}])[ABC](?![\\p{L}\\p{N}'])");

    private final JudgeChoice.Endpoint endpoint;
    private final URI uri;
    private final Pause pause;
    private final BoundedExchange exchange;

    /** Waits between attempts. */
    interface Pause {
        Pause SLEEP = duration -> Thread.sleep(duration.toMillis());

        void take(Duration duration) throws InterruptedException;
    }

    EndpointJudge(JudgeChoice.Endpoint endpoint, Pause pause) {
        this.endpoint = endpoint;
        this.pause = pause;
        String base = endpoint.uri().toString().replaceFirst("/+$", "");
        this.uri = URI.create(base.endsWith(PATH) ? base : base + PATH);
        this.exchange = new BoundedExchange(endpoint.limit());
    }

    @Override
    public Verdict judge(Comparison comparison) {
        HttpRequest request = request(endpoint.prompt().of(comparison));
        Duration wait = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            BoundedExchange.Reply reply = send(request);
            if (reply.status() == 200) {
                return verdict(content(reply.body()));
            }
            if (attempt == ATTEMPTS || !reply.mayPass()) {
                throw new JudgeFailure(uri + ": " + reply.problem() + shown(reply.body())
                        + (attempt == 1 ? "" : ", " + attempt + " times"));
            }
            rest(wait);
            wait = wait.multipliedBy(2);
        }
    }

    private HttpRequest request(String question) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("model", endpoint.model())
                .put("temperature", 0)
                .put("max_tokens", ANSWER_TOKENS);
        body.putArray("messages").addObject().put("role", "user").put("content", question);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()));
        if (!endpoint.token().isEmpty()) {
            request.header("Authorization", "Bearer " + endpoint.token());
        }
        return request.build();
    }

    private String content(String body) {
        try {
            JsonNode content = Json.mapper(BoundedExchange.LIMIT_BYTES)
                    .readTree(body)
                    .path("choices")
                    .path(0)
                    .path("message")
                    .path("content");
            if (content.isTextual()) {
                return content.textValue();
            }
        } catch (JsonProcessingException e) {
            throw new JudgeFailure(uri + ": not JSON: " + Json.reason(e) + shown(body), e);
        }
        throw new JudgeFailure(uri + ": no choices[0].message.content" + shown(body));
    }

    static Verdict verdict(String content) {
        Set<String> letters =
                LETTER.matcher(content).results().map(MatchResult::group).collect(Collectors.toSet());
        if (letters.size() != 1) {
            return Verdict.UNREADABLE;
        }
        return switch (letters.iterator().next()) {
            case "A" -> Verdict.A;
            case "B" -> Verdict.B;
            default -> Verdict.TIE;
        };
    }

    private static String shown(String body) {
        String line = body.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.isEmpty() ? "" : ": " + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "..");
    }

    private void rest(Duration duration) {
        try {
            pause.take(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JudgeFailure(uri + ": interrupted", e);
        }
    }

    @Override
    public void close() {
        exchange.close();
    }

    private BoundedExchange.Reply send(HttpRequest request) {
        try {
            return exchange.send(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JudgeFailure(request.uri() + ": interrupted", e);
        }
    }
}

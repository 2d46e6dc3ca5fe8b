package org.dilort.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.dilort.data.Message;
import org.dilort.error.UserException;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Sampling;
import org.dilort.input.InputFile;
import org.dilort.input.Json;
import org.dilort.serve.ApiRequest.Delivery;

/**
 * Reads the bodies of OpenAI's {@code /v1/chat/completions} and {@code /v1/completions}. Beside their keys it takes {@code
 * top_k} and {@code repetition_penalty}. What would change the answer and is not supported is refused; other unknown keys
 * are not looked at, as clients send many.
 */
final class RequestParser {
    private static final ObjectMapper JSON = Json.mapper(InputFile.ROW_LIMIT_BYTES);
    private static final int MOST_STOPS = 16;
    private static final int MOST_TEXT_LOGPROBS = 5;
    private static final List<String> REFUSED =
            List.of("tools", "functions", "response_format", "logit_bias", "suffix", "best_of");

    private final int newTokens;

    /** @param newTokens the most that a request may ask for, and what one gets that names no bound */
    RequestParser(int newTokens) {
        this.newTokens = newTokens;
    }

    ApiRequest chat(byte[] body) {
        ObjectNode json = object(body);
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : present(json, "messages", JsonNode::isArray, "a list of messages")) {
            messages.add(message(message, messages.size()));
        }
        if (messages.isEmpty()) {
            throw RequestException.invalid("messages: got none, expected at least one");
        }
        return request(new ApiRequest.Chat(messages), json, chatAlternatives(json));
    }

    ApiRequest completion(byte[] body) {
        ObjectNode json = object(body);
        JsonNode prompt = present(json, "prompt", JsonNode::isTextual, "a text");
        return request(new ApiRequest.Prompt(prompt.textValue()), json, textAlternatives(json));
    }

    private static ObjectNode object(byte[] body) {
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw RequestException.invalid("body: not JSON: " + Json.reason(e));
        } catch (IOException e) {
            throw RequestException.invalid("body: " + e.getMessage());
        }
        throw RequestException.invalid("body: expected a JSON object");
    }

    private static Message message(JsonNode message, int index) {
        JsonNode role = message.path("role");
        JsonNode content = message.path("content");
        String at = "messages[" + index + "]";
        if (!role.isTextual()) {
            throw RequestException.invalid(at + ".role: expected a text");
        }
        return new Message(role.textValue(), text(content, at + ".content"));
    }

    /** A text, or a list of parts that are texts. */
    private static String text(JsonNode content, String at) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        boolean valid = content.isArray();
        for (JsonNode part : content) {
            valid &= part.path("text").isTextual();
            text.append(part.path("text").asText());
        }
        if (!valid) {
            throw RequestException.invalid(at + ": expected a text, or a list of parts of type text");
        }
        return text.toString();
    }

    /** {@code logprobs: true}, and {@code top_logprobs} of each token. */
    private static int chatAlternatives(ObjectNode json) {
        JsonNode logprobs = json.path("logprobs");
        if (!logprobs.isMissingNode() && !logprobs.isNull() && !logprobs.isBoolean()) {
            throw RequestException.invalid("logprobs: got " + logprobs + ", expected true or false");
        }
        int top = wholeNumber(json, "top_logprobs", 0);
        if (top < 0 || top > GenerationSettings.MOST_ALTERNATIVES) {
            throw RequestException.invalid("top_logprobs: got " + top + ", expected 0 to 20");
        }
        if (top > 0 && !logprobs.asBoolean()) {
            throw RequestException.invalid("top_logprobs: got " + top + ", expected logprobs: true beside it");
        }
        return logprobs.asBoolean() ? top : GenerationSettings.NO_SCORES;
    }

    private static int textAlternatives(ObjectNode json) {
        JsonNode logprobs = json.path("logprobs");
        if (logprobs.isBoolean()) {
            throw RequestException.invalid("logprobs: got " + logprobs + ", expected 0 to " + MOST_TEXT_LOGPROBS);
        }
        int top = wholeNumber(json, "logprobs", GenerationSettings.NO_SCORES);
        if (json.hasNonNull("logprobs") && (top < 0 || top > MOST_TEXT_LOGPROBS)) {
            throw RequestException.invalid("logprobs: got " + top + ", expected 0 to " + MOST_TEXT_LOGPROBS);
        }
        return top;
    }

    private ApiRequest request(ApiRequest.Subject subject, ObjectNode json, int alternatives) {
        refuseWhatIsNotSupported(json);
        try {
            GenerationSettings settings = settings(json).withAlternatives(alternatives);
            return new ApiRequest(json.path("model").asText(), subject, settings, delivery(json));
        } catch (UserException e) {
            throw RequestException.invalid(e.getMessage());
        }
    }

    private static void refuseWhatIsNotSupported(ObjectNode json) {
        for (String key : REFUSED) {
            JsonNode value = json.path(key);
            boolean without = value.isMissingNode() || value.isNull() || value.isEmpty() && value.isContainerNode();
            boolean off = value.isBoolean() && !value.booleanValue() || key.equals("best_of") && value.asInt() == 1;
            if (!without && !off && !value.path("type").asText().equals("text")) {
                throw RequestException.invalid(key + ": not supported");
            }
        }
        if (number(json, "n", 1) != 1) {
            throw RequestException.invalid("n: got " + json.path("n") + ", expected 1");
        }
        for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
            if (number(json, penalty, 0) != 0) {
                throw RequestException.invalid(penalty + ": not supported, repetition_penalty is");
            }
        }
    }

    private GenerationSettings settings(ObjectNode json) {
        return GenerationSettings.greedy(maxTokens(json))
                .withSampling(sampling(json))
                .withRepetitionPenalty(number(json, "repetition_penalty", 1))
                .withStops(stops(json));
    }

    private int maxTokens(ObjectNode json) {
        String key = json.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        int asked = wholeNumber(json, key, newTokens);
        if (asked < 1 || asked > newTokens) {
            throw RequestException.invalid(key + ": got " + asked + ", expected 1 to " + newTokens);
        }
        return asked;
    }

    /** OpenAI's default temperature is 1; 0 is the most probable token. */
    private static Sampling sampling(ObjectNode json) {
        double temperature = number(json, "temperature", 1);
        if (temperature < 0) {
            throw RequestException.invalid("temperature: got " + temperature + ", expected a number >= 0");
        }
        long seed = seed(json);
        if (temperature == 0) {
            return new Sampling.Greedy();
        }
        int topK = wholeNumber(json, "top_k", Sampling.Random.ALL_TOKENS);
        return new Sampling.Random(temperature, topK, number(json, "top_p", 1), seed);
    }

    private static long seed(ObjectNode json) {
        JsonNode seed = json.path("seed");
        if (seed.isMissingNode() || seed.isNull()) {
            return ThreadLocalRandom.current().nextLong();
        }
        if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
            throw RequestException.invalid("seed: got " + seed + ", expected a whole number of 64 bits");
        }
        return seed.longValue();
    }

    private static List<String> stops(ObjectNode json) {
        JsonNode stop = json.path("stop");
        if (stop.isMissingNode() || stop.isNull()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode text : stop.isTextual() ? List.of(stop) : stop) {
            if (!text.isTextual() || stops.size() == MOST_STOPS) {
                throw RequestException.invalid("stop: expected a text or a list of up to " + MOST_STOPS);
            }
            stops.add(text.textValue());
        }
        return stops;
    }

    private static Delivery delivery(ObjectNode json) {
        JsonNode stream = json.path("stream");
        if (!stream.isMissingNode() && !stream.isNull() && !stream.isBoolean()) {
            throw RequestException.invalid("stream: got " + stream + ", expected true or false");
        }
        if (!stream.asBoolean(false)) {
            return Delivery.WHOLE;
        }
        boolean usage = json.path("stream_options").path("include_usage").asBoolean(false);
        return usage ? Delivery.STREAM_WITH_USAGE : Delivery.STREAM;
    }

    private interface Test {
        boolean holds(JsonNode node);
    }

    private static JsonNode present(ObjectNode json, String key, Test test, String expected) {
        JsonNode value = json.path(key);
        if (!test.holds(value)) {
            throw RequestException.invalid(
                    key + ": " + (value.isMissingNode() ? "missing" : "not valid") + ", expected " + expected);
        }
        return value;
    }

    private static double number(ObjectNode json, String key, double otherwise) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw RequestException.invalid(key + ": expected a number");
        }
        return value.doubleValue();
    }

    private static int wholeNumber(ObjectNode json, String key, int otherwise) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw RequestException.invalid(key + ": expected a whole number");
        }
        return value.intValue();
    }
}

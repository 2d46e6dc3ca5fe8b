package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A template of three formats.
 *
 * @param turn with a place for role and for content
 */
record FakeTemplate(String start, String turn, String header, String source) implements ChatTemplate {

    @Override
    public String render(List<Message> messages, GenerationPrompt generationPrompt) {
        String turns = messages.stream()
                .map(message -> turn.formatted(message.role(), message.content()))
                .collect(Collectors.joining());
        return start + turns + (generationPrompt == GenerationPrompt.ADD ? header : "");
    }

    @Override
    public ChatTemplate with(Map<String, JsonNode> variables) {
        return this;
    }
}

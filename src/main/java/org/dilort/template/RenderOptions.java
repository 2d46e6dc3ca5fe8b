package org.dilort.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.Map;

/**
 * What a template sees beside the messages.
 *
 * @param variables by name: {@code bos_token}, {@code tools}, and what a template asks for of its own
 * @param clock of {@code strftime_now}
 */
public record RenderOptions(GenerationPrompt generationPrompt, Map<String, JsonNode> variables, Clock clock) {

    /** Whether the text ends with the header of the assistant's next turn. */
    public enum GenerationPrompt {
        ADD,
        OMIT
    }

    public RenderOptions {
        variables = Map.copyOf(variables);
    }

    public RenderOptions with(GenerationPrompt prompt) {
        return new RenderOptions(prompt, variables, clock);
    }
}

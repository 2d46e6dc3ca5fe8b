package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** Turns a conversation into the text that a model was tuned on; thread-safe. */
public interface ChatTemplate {

    /** @throws org.dilort.error.DataException saying why the template does not take the conversation */
    String render(List<Message> messages, GenerationPrompt generationPrompt);

    /** The template itself, which some pipelines look into. */
    String source();

    /** The template with more variables for it to see, such as {@code tools}. */
    ChatTemplate with(Map<String, JsonNode> variables);

    /** Whether the text ends with the header of the assistant's next turn. */
    enum GenerationPrompt {
        ADD,
        OMIT
    }
}

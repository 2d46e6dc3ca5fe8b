package org.dilort.data;

import java.util.List;

/** Turns a conversation into the text that a model was tuned on. */
public interface ChatTemplate {

    String render(List<Message> messages, GenerationPrompt generationPrompt);

    /** Whether the text ends with the header of the assistant's next turn. */
    enum GenerationPrompt {
        ADD,
        OMIT
    }
}

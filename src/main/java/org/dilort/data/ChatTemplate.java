package org.dilort.data;

import java.util.List;

/** Turns a conversation into the text that a model was tuned on. */
public interface ChatTemplate {

    String render(List<Message> messages, GenerationPrompt generationPrompt);

    /** The template itself, which some pipelines look into. */
    String source();

    /** Whether the text ends with the header of the assistant's next turn. */
    enum GenerationPrompt {
        ADD,
        OMIT
    }
}

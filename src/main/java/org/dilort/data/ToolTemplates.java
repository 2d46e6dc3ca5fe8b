package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** A model's two templates: the one for conversations with {@code tools}, and the one for all others. */
record ToolTemplates(ChatTemplate ordinary, ChatTemplate withTools) implements ChatTemplate {
    private static final String TOOLS = "tools";

    @Override
    public String render(List<Message> messages, GenerationPrompt generationPrompt) {
        return ordinary.render(messages, generationPrompt);
    }

    @Override
    public String source() {
        return ordinary.source();
    }

    @Override
    public ChatTemplate with(Map<String, JsonNode> variables) {
        return variables.containsKey(TOOLS)
                ? withTools.with(variables)
                : new ToolTemplates(ordinary.with(variables), withTools.with(variables));
    }
}

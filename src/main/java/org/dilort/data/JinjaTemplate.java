package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.DataException;
import org.dilort.template.RenderOptions;
import org.dilort.template.TemplateException;

/** A template in Jinja, with the variables that it sees. */
record JinjaTemplate(String source, org.dilort.template.ChatTemplate template, RenderOptions options)
        implements ChatTemplate {

    @Override
    public String render(List<Message> messages, GenerationPrompt generationPrompt) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        messages.forEach(message -> list.add(message.json()));
        RenderOptions.GenerationPrompt prompt = switch (generationPrompt) {
            case ADD -> RenderOptions.GenerationPrompt.ADD;
            case OMIT -> RenderOptions.GenerationPrompt.OMIT;
        };
        try {
            return template.render(list, options.with(prompt));
        } catch (TemplateException e) {
            throw new DataException("chat template " + e.getMessage(), e);
        }
    }

    @Override
    public ChatTemplate with(Map<String, JsonNode> variables) {
        if (variables.isEmpty()) {
            return this;
        }
        Map<String, JsonNode> all = new LinkedHashMap<>(options.variables());
        all.putAll(variables);
        return new JinjaTemplate(source, template, new RenderOptions(options.generationPrompt(), all, options.clock()));
    }
}

package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dilort.error.DataException;
import org.dilort.error.FormatException;
import org.dilort.template.RenderOptions;
import org.dilort.template.TemplateException;

/**
 * Finds the chat template of a model folder, where transformers finds it: {@code chat_template.jinja}, else
 * {@code chat_template} in {@code tokenizer_config.json} (a text, or a list of named ones with a {@code default}), else
 * {@code chat_template} in {@code chat_template.json}. Where there is one named {@code tool_use} too, conversations with
 * {@code tools} get that. The special tokens of the folder are its variables.
 */
public final class ChatTemplates {
    private static final String JINJA = "chat_template.jinja";
    private static final String JSON = "chat_template.json";
    private static final String KEY = "chat_template";
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";
    private static final String MORE = "additional_chat_templates";
    private static final long LIMIT_BYTES = 4 << 20;

    /**
     * The day of training data: a template that writes the date must write the same one when a run is resumed. It is the
     * one that Llama 3.1's template falls back to.
     */
    public static final Clock DATA_CLOCK = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);

    private ChatTemplates() {}

    /**
     * The model's own template. One that is missing, or not supported, is an error only when it is asked for a text:
     * data without conversations needs none.
     *
     * @param clock of templates that write the date
     */
    public static ChatTemplate ofModel(Path folder, Clock clock) {
        Path beside = folder.resolve(JINJA);
        if (Files.exists(beside)) {
            Path tools = folder.resolve(MORE).resolve(TOOL_USE + ".jinja");
            ChatTemplate ordinary = supported(readText(beside), beside.toString(), folder, clock);
            return Files.exists(tools)
                    ? new ToolTemplates(ordinary, supported(readText(tools), tools.toString(), folder, clock))
                    : ordinary;
        }
        for (String file : List.of(TokenizerSettings.TOKENIZER_CONFIG, JSON)) {
            JsonNode node = TokenizerSettings.readObject(folder.resolve(file)).path(KEY);
            if (!node.isMissingNode() && !node.isNull()) {
                String name = folder.resolve(file) + " (" + KEY + ")";
                return inline(node, name, folder, clock);
            }
        }
        return new NoTemplate(
                "",
                "no chat template in " + folder + " (" + JINJA + ", or " + KEY + " in "
                        + TokenizerSettings.TOKENIZER_CONFIG + ")");
    }

    /**
     * A template of the user's own, with the special tokens of a model folder.
     *
     * @throws TemplateException for one that is wrong or not supported
     */
    public static ChatTemplate ofFile(Path file, Path folder, Clock clock) {
        return compiled(readText(file), file.toString(), folder, clock);
    }

    /** Stands for a template where none was given. */
    static ChatTemplate missing() {
        return new NoTemplate("", "no chat template");
    }

    /** Stands for a template that the user has switched off. */
    public static ChatTemplate none() {
        return new NoTemplate("", "data.chat_template: got none");
    }

    private static ChatTemplate supported(String source, String name, Path folder, Clock clock) {
        try {
            return compiled(source, name, folder, clock);
        } catch (TemplateException e) {
            return new NoTemplate(source, "chat template " + e.getMessage());
        }
    }

    private static ChatTemplate compiled(String source, String name, Path folder, Clock clock) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        TokenizerSettings.read(folder).namedTexts().forEach((token, text) -> variables.put(token, new TextNode(text)));
        RenderOptions options = new RenderOptions(RenderOptions.GenerationPrompt.OMIT, variables, clock);
        return new JinjaTemplate(source, org.dilort.template.ChatTemplate.compile(source, name), options);
    }

    private static ChatTemplate inline(JsonNode node, String name, Path folder, Clock clock) {
        if (node.isTextual()) {
            return supported(node.textValue(), name, folder, clock);
        }
        String ordinary = named(node, DEFAULT)
                .orElseThrow(() -> new FormatException(
                        name + ": expected a template, or a list of named ones with a '" + DEFAULT + "'"));
        ChatTemplate template = supported(ordinary, name, folder, clock);
        return named(node, TOOL_USE)
                .<ChatTemplate>map(tools ->
                        new ToolTemplates(template, supported(tools, name + " (" + TOOL_USE + ")", folder, clock)))
                .orElse(template);
    }

    private static Optional<String> named(JsonNode list, String name) {
        for (JsonNode entry : list) {
            if (entry.path("name").asText().equals(name)
                    && entry.path("template").isTextual()) {
                return Optional.of(entry.path("template").textValue());
            }
        }
        return Optional.empty();
    }

    private static String readText(Path file) {
        try {
            long size = Files.size(file);
            if (size > LIMIT_BYTES) {
                throw new FormatException(file + ": " + size + " bytes, expected at most " + LIMIT_BYTES);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new FormatException(
                    file + ": not readable as UTF-8 (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /** Says why there is no text when one is wanted. */
    private record NoTemplate(String source, String reason) implements ChatTemplate {

        @Override
        public String render(List<Message> messages, GenerationPrompt generationPrompt) {
            throw new DataException(reason + ", but messages need one that works");
        }

        @Override
        public ChatTemplate with(Map<String, JsonNode> variables) {
            return this;
        }
    }
}

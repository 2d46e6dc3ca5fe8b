package org.dilort.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Puts a chat template in both places that serving runtimes look: inside {@code tokenizer_config.json} and beside it as
 * {@code chat_template.jinja}. Where both exist and differ, the file beside wins, as in transformers; a template that is
 * in {@code chat_template.json} alone, as processors have it, goes to both.
 */
final class ChatTemplateFiles {
    private static final String KEY = "chat_template";
    private static final String DEFAULT_NAME = "default";

    private ChatTemplateFiles() {}

    /** Gives a folder another template. */
    static void replace(Path folder, String template) {
        FolderFiles.writeText(folder.resolve(CompanionFiles.CHAT_TEMPLATE), template);
        complete(folder);
    }

    /** Completes a folder whose companion files have been copied. */
    static void complete(Path folder) {
        Path beside = folder.resolve(CompanionFiles.CHAT_TEMPLATE);
        Path settingsFile = folder.resolve(CompanionFiles.TOKENIZER_CONFIG);
        ObjectNode settings = FolderFiles.readObject(settingsFile);
        Optional<String> inside = inline(settings.path(KEY));
        if (!Files.exists(beside) && inside.isPresent()) {
            FolderFiles.writeText(beside, inside.get());
            return;
        }
        if (!Files.exists(beside)) {
            inline(FolderFiles.readObject(folder.resolve(CompanionFiles.CHAT_TEMPLATE_JSON))
                            .path(KEY))
                    .ifPresent(template -> FolderFiles.writeText(beside, template));
        }
        if (!Files.exists(beside)) {
            return;
        }
        String template = FolderFiles.readText(beside);
        if (!settings.path(KEY).asText().equals(template)) {
            settings.put(KEY, template);
            FolderFiles.writeJson(settingsFile, settings);
        }
    }

    /** The template in {@code tokenizer_config.json}. */
    static Optional<String> inside(Path folder) {
        return inline(FolderFiles.readObject(folder.resolve(CompanionFiles.TOKENIZER_CONFIG))
                .path(KEY));
    }

    /** A text, or the default among named ones. */
    private static Optional<String> inline(JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(node.textValue());
        }
        for (JsonNode named : node) {
            if (named.path("name").asText().equals(DEFAULT_NAME)
                    && named.path("template").isTextual()) {
                return Optional.of(named.path("template").textValue());
            }
        }
        return Optional.empty();
    }
}

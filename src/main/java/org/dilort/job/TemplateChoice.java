package org.dilort.job;

import java.nio.file.Path;
import org.dilort.config.ChatTemplate.None;
import org.dilort.config.ChatTemplate.TemplateFile;
import org.dilort.config.Config;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ChatTemplates;

/** The chat template of a run, as {@code data.chat_template} chooses it. */
final class TemplateChoice {
    private TemplateChoice() {}

    static ChatTemplate of(Config config) {
        Path model = PolicyFiles.of(config).folder();
        if (config.data().chatTemplate() instanceof TemplateFile file) {
            return ChatTemplates.ofFile(file.path(), model, ChatTemplates.DATA_CLOCK);
        }
        return config.data().chatTemplate() instanceof None
                ? ChatTemplates.none()
                : ChatTemplates.ofModel(model, ChatTemplates.DATA_CLOCK);
    }

    /** The source of a file of the user's own, which the aligned model is to carry; empty where there is none. */
    static String ofTheUser(Config config) {
        return config.data().chatTemplate() instanceof TemplateFile ? of(config).source() : "";
    }
}

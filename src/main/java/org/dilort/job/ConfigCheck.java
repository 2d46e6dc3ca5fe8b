package org.dilort.job;

import java.nio.file.Files;
import org.dilort.config.ChatTemplate;
import org.dilort.config.Config;
import org.dilort.config.ModelInit;
import org.dilort.config.Unsupported;
import org.dilort.error.ConfigException;

/** What can be said of a configuration before any other file is touched. */
public final class ConfigCheck {
    private ConfigCheck() {}

    /** @throws ConfigException naming the key of what no job could do */
    public static void run(Config config) {
        Unsupported.check(config);
        Objectives.of(config);
        if (config.model().lora().enabled() && config.model().init() == ModelInit.RANDOM) {
            throw new ConfigException("model.init: got random with model.lora, expected pretrained: adapters leave the"
                    + " weights as they are");
        }
        WeightDecay.check(config.train().noDecay());
        RunSettings.limits(config.data(), config.data().maxLength());
        if (config.data().chatTemplate() instanceof ChatTemplate.TemplateFile file
                && !Files.isRegularFile(file.path())) {
            throw new ConfigException("data.chat_template: got " + file.text()
                    + ", expected auto, none or the path of a template file that exists");
        }
    }
}

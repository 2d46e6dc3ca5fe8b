package org.dilort.job;

import org.dilort.config.ChatTemplate;
import org.dilort.config.Config;
import org.dilort.config.Unsupported;
import org.dilort.error.ConfigException;

/** What can be said of a configuration before any other file is touched. */
public final class ConfigCheck {
    private ConfigCheck() {}

    /** @throws ConfigException naming the key of what no job could do */
    public static void run(Config config) {
        Unsupported.check(config);
        RunSettings.head(config);
        WeightDecay.check(config.train().noDecay());
        if (config.data().chatTemplate() instanceof ChatTemplate.TemplateFile file) {
            throw new ConfigException("data.chat_template: got " + file.text()
                    + ", expected auto or none; template files are not supported yet");
        }
    }
}

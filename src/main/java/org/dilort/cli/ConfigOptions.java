package org.dilort.cli;

import java.util.ArrayList;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.job.ConfigCheck;

/** The two options of every command that runs on a configuration. */
final class ConfigOptions {
    static final CommandOption CONFIG = CommandOption.required("config", "FILE", "the configuration, YAML or JSON");
    static final CommandOption SET = CommandOption.repeated(
            "set",
            "KEY=VALUE",
            "put a value over the configuration's, such as train.seed=1 or data.eval=[a.jsonl, b.jsonl]");

    private ConfigOptions() {}

    static Config load(Arguments arguments) {
        return load(arguments, List.of());
    }

    /** @param more settings that go over those of the command line */
    static Config load(Arguments arguments, List<String> more) {
        List<String> settings = new ArrayList<>(arguments.all(SET.name()));
        settings.addAll(more);
        Config config = ConfigLoader.load(arguments.path(CONFIG.name()), settings);
        ConfigCheck.run(config);
        return config;
    }
}

package org.dilort.cli;

import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.ConfigWriter;

/** Prints a configuration with every default, or what is wrong with it and with what it names. */
record ValidateCommand(Job job) implements Command {
    private static final CommandOption DATA = CommandOption.flag(
            "data",
            "read the models' headers and all the data too, and say what is wrong with it and what a run would take");

    /** Proves what a configuration names; returns the exit code. */
    interface Job {
        int run(Config config, Console console);
    }

    @Override
    public String name() {
        return "validate";
    }

    @Override
    public String summary() {
        return "check a configuration and print it with every default filled in, or check its data";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET, DATA);
    }

    @Override
    public int run(Arguments arguments, Console console) {
        Config config = ConfigOptions.load(arguments);
        if (arguments.has(DATA.name())) {
            return job.run(config, console);
        }
        console.out().print(ConfigWriter.toYaml(config));
        return ExitCode.DONE;
    }
}

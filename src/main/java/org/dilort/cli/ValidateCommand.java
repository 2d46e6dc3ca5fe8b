package org.dilort.cli;

import java.util.List;
import org.dilort.config.ConfigWriter;

/** Prints a configuration with every default, or what is wrong with it. */
record ValidateCommand() implements Command {

    @Override
    public String name() {
        return "validate";
    }

    @Override
    public String summary() {
        return "check a configuration and print it with every default filled in";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET);
    }

    @Override
    public int run(Arguments arguments, Console console) {
        console.out().print(ConfigWriter.toYaml(ConfigOptions.load(arguments)));
        return ExitCode.DONE;
    }
}

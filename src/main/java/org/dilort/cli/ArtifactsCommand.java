package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import org.dilort.config.Config;

/** Reads the configuration of a run and hands it to the job that only writes the training artifacts. */
record ArtifactsCommand(Job job) implements Command {
    private static final CommandOption OUT = CommandOption.required("out", "DIR", "the folder of the artifacts");

    /** Writes the artifacts into {@code out}; returns the exit code. */
    interface Job {
        int run(Config config, Path out, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "artifacts";
    }

    @Override
    public String summary() {
        return "write the training graphs and the first checkpoint, without training";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET, OUT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        return job.run(ConfigOptions.load(arguments), arguments.path(OUT.name()), console);
    }
}

package org.dilort.cli;

import java.util.List;
import org.dilort.config.Config;

/** Reads the configuration of a run and hands it to its job. */
record TrainCommand(Job job) implements Command {

    /** Trains, evaluates and exports; returns the exit code. */
    interface Job {
        int run(Config config, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String summary() {
        return "align a model with preference data: train, evaluate, export";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        return job.run(ConfigOptions.load(arguments), console);
    }
}

package org.dilort.cli;

import java.util.List;
import org.dilort.config.Sweep;
import org.dilort.config.SweepLoader;

/** {@code dil-ort sweep}: several runs from one file, compared. */
record SweepCommand(Job job) implements Command {
    private static final CommandOption CONFIG = CommandOption.required(
            "config", "FILE", "the sweep: base, output, set, runs, grid, seeds (docs/sweeps.md)");

    /** Trains every run; returns the exit code. */
    interface Job {
        int run(Sweep sweep, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "sweep";
    }

    @Override
    public String summary() {
        return "train several runs from one file, and lay them over each other";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CONFIG);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        return job.run(SweepLoader.load(arguments.path(CONFIG.name())), console);
    }
}

package org.dilort.cli;

import java.util.Collections;
import java.util.List;
import org.dilort.bench.PairLengths;
import org.dilort.config.Config;
import org.dilort.data.Layout;
import org.dilort.job.BenchJob;

/** Times training steps and prints one JSON object. */
record BenchCommand(Job job) implements Command {
    private static final String FULL = "full";
    private static final CommandOption LENGTHS = CommandOption.optional(
            "lengths",
            "FILE",
            FULL,
            "a JSON list of [trunk, chosen, rejected] token counts; full: two sequences of data.max_length");
    private static final CommandOption STEPS = CommandOption.optional("steps", "N", "10", "steps that are timed");
    private static final CommandOption WARMUP = CommandOption.optional("warmup", "N", "3", "steps before them");
    private static final CommandOption TWO_ROWS =
            CommandOption.flag("two-rows", "compute every prompt twice, in padded rows, as other frameworks do");

    /** Measures and prints; returns the exit code. */
    interface Job {
        int run(Config config, BenchJob.Plan plan, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "time training steps on random pairs of given lengths";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET, LENGTHS, STEPS, WARMUP, TWO_ROWS);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        Config config = ConfigOptions.load(arguments);
        Layout layout = arguments.has(TWO_ROWS.name()) ? Layout.ROW_PER_SEQUENCE : Layout.SHARED_TRUNK;
        BenchJob.Plan plan = new BenchJob.Plan(
                lengths(arguments, config),
                arguments.text(LENGTHS.name()),
                layout,
                arguments.wholeNumber(WARMUP.name(), 1),
                arguments.wholeNumber(STEPS.name(), 1));
        return job.run(config, plan, console);
    }

    private static List<PairLengths> lengths(Arguments arguments, Config config) {
        if (arguments.text(LENGTHS.name()).equals(FULL)) {
            PairLengths each = PairLengths.full(config.data().maxLength());
            return Collections.nCopies(config.train().batchPairs(), each);
        }
        return PairLengths.read(arguments.path(LENGTHS.name()));
    }
}

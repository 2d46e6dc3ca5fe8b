package org.dilort.cli;

import java.util.List;
import org.dilort.config.Config;
import org.dilort.job.RunPlan;

/** Says what a run would take, before it takes it. */
record PlanCommand(Job job) implements Command {
    private static final CommandOption JSON = CommandOption.flag("json", "print one JSON object");

    /** Plans. */
    interface Job {
        RunPlan of(Config config);
    }

    @Override
    public String name() {
        return "plan";
    }

    @Override
    public String summary() {
        return "say what memory, disk and steps a training run would take";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET, JSON);
    }

    @Override
    public int run(Arguments arguments, Console console) {
        RunPlan plan = job.of(ConfigOptions.load(arguments));
        if (arguments.has(JSON.name())) {
            console.out().println(plan.toJson());
        } else {
            plan.lines().forEach(console.out()::println);
        }
        return ExitCode.DONE;
    }
}

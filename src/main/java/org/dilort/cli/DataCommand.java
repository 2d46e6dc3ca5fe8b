package org.dilort.cli;

import java.util.ArrayList;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.job.ConfigCheck;

/** Shows what a run would make of its data, or what is wrong with it. */
record DataCommand(Job job) implements Command {
    private static final CommandOption CONFIG =
            CommandOption.optional("config", "FILE", "", "the configuration of a run, YAML or JSON");
    private static final CommandOption MODEL =
            CommandOption.optional("model", "DIR", "", "without --config: the model whose tokenizer reads FILE...");
    private static final CommandOption EXAMPLES =
            CommandOption.optional("examples", "N", "3", "pairs that inspect shows");
    private static final CommandOption MOST =
            CommandOption.optional("most", "N", "20", "findings of each kind that validate lists");

    /** What to do. */
    enum Action {
        INSPECT,
        VALIDATE,
        PREPARE
    }

    /** @param count examples to show, or findings of each kind to list */
    record Request(Action action, Config config, int count) {}

    /** Reads the data and tells of it; returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "data";
    }

    @Override
    public String summary() {
        return "show preference data as a run would use it, list what is wrong with it, or prepare it ahead";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CONFIG, ConfigOptions.SET, MODEL, EXAMPLES, MOST);
    }

    @Override
    public String operand() {
        return "inspect|validate|prepare [FILE]...";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> operands = arguments.operands();
        Action action = action(operands.isEmpty() ? "nothing" : operands.get(0));
        if (action == Action.PREPARE && !arguments.has(CONFIG.name())) {
            throw new UsageException("data prepare: expected --config FILE, the run that the data is for");
        }
        Config config = config(arguments, operands.subList(1, operands.size()));
        ConfigCheck.run(config);
        int count = action == Action.INSPECT
                ? arguments.wholeNumber(EXAMPLES.name(), 0)
                : arguments.wholeNumber(MOST.name(), 1);
        return job.run(new Request(action, config, count), console);
    }

    private static Action action(String word) {
        return switch (word) {
            case "inspect" -> Action.INSPECT;
            case "validate" -> Action.VALIDATE;
            case "prepare" -> Action.PREPARE;
            default -> throw new UsageException("data: got " + word + ", expected inspect, validate or prepare");
        };
    }

    private static Config config(Arguments arguments, List<String> files) {
        List<String> overrides = new ArrayList<>();
        if (arguments.has(MODEL.name())) {
            overrides.add("model.path=" + quoted(arguments.text(MODEL.name())));
        }
        if (!files.isEmpty()) {
            overrides.add("data.train=["
                    + String.join(", ", files.stream().map(DataCommand::quoted).toList()) + "]");
        }
        overrides.addAll(arguments.all(ConfigOptions.SET.name()));
        if (arguments.has(CONFIG.name())) {
            return ConfigLoader.load(arguments.path(CONFIG.name()), overrides);
        }
        if (!arguments.has(MODEL.name()) || files.isEmpty()) {
            throw new UsageException("data: expected --config FILE, or --model DIR and one or more files of data");
        }
        return ConfigLoader.parse("command line", "output: none-is-written", overrides);
    }

    /** A text as YAML takes it. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

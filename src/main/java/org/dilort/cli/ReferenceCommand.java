package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.job.ConfigCheck;
import org.dilort.job.ReferenceJob;

/** Computes reference log-probabilities apart from a run, shows them, and puts parts together. */
record ReferenceCommand(Job job) implements Command {
    private static final CommandOption CONFIG =
            CommandOption.optional("config", "FILE", "", "compute: the configuration of the run that they are for");
    private static final CommandOption PART = CommandOption.optional(
            "part", "I/N", "1/1", "compute: only every N-th pair, from the I-th on, so that N machines share the work");
    private static final CommandOption OUT =
            CommandOption.optional("out", "DIR", "", "merge: the folder of the whole, a run's reference.cache");
    private static final Pattern FRACTION = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})");

    /** What to do. */
    sealed interface Request {
        record Compute(Config config, ReferenceJob.Part part) implements Request {}

        record Inspect(List<Path> files) implements Request {}

        record Merge(List<Path> files, Path folder) implements Request {}
    }

    /** Does it; returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String summary() {
        return "compute the reference log-probabilities of a run ahead, show them, or put parts together";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CONFIG, ConfigOptions.SET, PART, OUT);
    }

    @Override
    public String operand() {
        return "compute|inspect|merge [FILE]...";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> operands = arguments.operands();
        String action = operands.isEmpty() ? "nothing" : operands.get(0);
        List<String> files = operands.isEmpty() ? operands : operands.subList(1, operands.size());
        return job.run(request(arguments, action, files), console);
    }

    private static Request request(Arguments arguments, String action, List<String> files) {
        return switch (action) {
            case "compute" -> compute(arguments, files);
            case "inspect" -> new Request.Inspect(paths(action, files));
            case "merge" -> merge(arguments, files);
            default -> throw new UsageException("reference: got " + action + ", expected compute, inspect or merge");
        };
    }

    private static Request compute(Arguments arguments, List<String> files) {
        if (!arguments.has(CONFIG.name()) || !files.isEmpty()) {
            throw new UsageException("reference compute: expected --config FILE and no other file");
        }
        Config config = ConfigLoader.load(arguments.path(CONFIG.name()), arguments.all(ConfigOptions.SET.name()));
        ConfigCheck.run(config);
        return new Request.Compute(config, part(arguments.text(PART.name())));
    }

    private static ReferenceJob.Part part(String text) {
        Matcher fraction = FRACTION.matcher(text);
        if (!fraction.matches()) {
            throw new UsageException("--part: got " + text + ", expected I/N with 1 <= I <= N, such as 2/4");
        }
        return new ReferenceJob.Part(Integer.parseInt(fraction.group(1)), Integer.parseInt(fraction.group(2)));
    }

    private static Request merge(Arguments arguments, List<String> files) {
        if (!arguments.has(OUT.name())) {
            throw new UsageException("reference merge: expected --out DIR, the folder of the whole");
        }
        return new Request.Merge(paths("merge", files), arguments.path(OUT.name()));
    }

    private static List<Path> paths(String action, List<String> files) {
        if (files.isEmpty()) {
            throw new UsageException("reference " + action + ": expected one or more files of a reference cache");
        }
        return files.stream().map(Path::of).toList();
    }
}

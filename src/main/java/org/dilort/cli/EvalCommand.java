package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import org.dilort.eval.ChoiceTask;
import org.dilort.job.EvalJob;

/** {@code dil-ort eval}. */
record EvalCommand(Job job) implements Command {
    private static final String CHOICE = "choice";
    private static final String TASK = "task";
    private static final String EXAMPLES = "examples";
    private static final CommandOption TASKS = CommandOption.repeated(
            TASK, "FILE", "questions: a JSON line each with query, choices and gold, the number of the right one");
    private static final CommandOption EXAMPLE_FILES =
            CommandOption.repeated(EXAMPLES, "FILE", "solved questions to put before each");
    private static final CommandOption SHOTS =
            CommandOption.optional("shots", "N", "0", "how many of them, from the first");
    private static final CommandOption DELIMITER =
            CommandOption.optional("delimiter", "TEXT", " ", "what stands between a question and a choice");
    private static final CommandOption ADD_BOS =
            CommandOption.flag("add-bos", "put the tokenizer's begin of sequence before everything");

    /** Asks and reports; returns the exit code. */
    interface Job {
        int run(EvalJob.Plan plan, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "eval";
    }

    @Override
    public String summary() {
        return "answer multiple-choice tasks";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ScoreCommand.MODEL, TASKS, EXAMPLE_FILES, SHOTS, DELIMITER, ADD_BOS, EvalOptions.OUT);
    }

    @Override
    public String operand() {
        return "[choice]";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        if (!arguments.operands().isEmpty() && !arguments.operands().equals(List.of(CHOICE))) {
            throw new UsageException("eval: got " + arguments.operands() + ", expected only options after choice");
        }
        List<Path> tasks = arguments.all(TASK).stream().map(Path::of).toList();
        if (tasks.isEmpty()) {
            throw new UsageException("--task: missing, expected at least one file of questions");
        }
        EvalJob.Plan plan = new EvalJob.Plan(
                arguments.path(ScoreCommand.MODEL.name()),
                tasks,
                arguments.all(EXAMPLES).stream().map(Path::of).toList(),
                arguments.wholeNumber(SHOTS.name(), 0),
                new EvalJob.Wording(
                        arguments.text(DELIMITER.name()),
                        arguments.has(ADD_BOS.name()) ? ChoiceTask.Begin.BOS : ChoiceTask.Begin.BARE),
                arguments.path(EvalOptions.OUT.name()));
        return job.run(plan, console);
    }
}

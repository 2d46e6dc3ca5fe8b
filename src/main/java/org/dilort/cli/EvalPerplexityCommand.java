package org.dilort.cli;

import java.util.List;
import org.dilort.job.EvalFiles;
import org.dilort.job.EvalPerplexityJob;

/** {@code dil-ort eval perplexity}. */
record EvalPerplexityCommand(Job job) implements Command {
    private static final CommandOption TEXT = CommandOption.repeated(
            "text", "FILE", "a text as a whole, or a JSON, CSV or Parquet file with a text in each row");
    private static final CommandOption FIELD =
            CommandOption.optional("field", "KEY", "text", "the field of a row that has the text");
    private static final String WHOLE = "the model's";
    private static final CommandOption MAX_LENGTH =
            CommandOption.optional("max-length", "N", WHOLE, "tokens of a window");

    /** Scores and reports; returns the exit code. */
    interface Job {
        int run(EvalPerplexityJob.Plan plan, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "eval perplexity";
    }

    @Override
    public String summary() {
        return "tell how well a model predicts texts: word and byte perplexity, bits per byte";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ScoreCommand.MODEL, TEXT, FIELD, MAX_LENGTH, EvalOptions.OUT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        int maxLength = arguments.text(MAX_LENGTH.name()).equals(WHOLE)
                ? EvalPerplexityJob.MODEL_LENGTH
                : arguments.wholeNumber(MAX_LENGTH.name(), 1);
        EvalPerplexityJob.Plan plan = new EvalPerplexityJob.Plan(
                arguments.path(ScoreCommand.MODEL.name()),
                EvalOptions.files(arguments, TEXT),
                arguments.text(FIELD.name()),
                maxLength,
                EvalFiles.of(arguments.path(EvalOptions.OUT.name())));
        return job.run(plan, console);
    }
}

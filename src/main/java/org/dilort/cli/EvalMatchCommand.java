package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dilort.eval.AnswerFilter;
import org.dilort.eval.AnswerNorm;
import org.dilort.eval.MatchTask;
import org.dilort.export.GenerationSettings;
import org.dilort.job.EvalMatchJob;

/** {@code dil-ort eval match}. */
record EvalMatchCommand(Job job) implements Command {
    private static final List<String> UNTIL_DEFAULT = List.of("Question:", "</s>", "<|im_end|>");

    private static final CommandOption QUESTIONS =
            CommandOption.repeated("questions", "FILE", "a JSON line each with question and answer");
    private static final CommandOption EXAMPLES =
            CommandOption.repeated("examples", "FILE", "solved questions to put before each");
    private static final CommandOption SHOTS =
            CommandOption.optional("shots", "N", "0", "how many of them, from the first");
    private static final CommandOption TEMPLATE =
            CommandOption.optional("template", "TEXT", "Question: {question}, a line's end, Answer:", "what is asked");
    private static final CommandOption DELIMITER =
            CommandOption.optional("delimiter", "TEXT", " ", "what stands between a solved question and its answer");
    private static final CommandOption UNTIL = CommandOption.repeated(
            "until", "TEXT", "ends an answer; without it GSM8K's: " + String.join(", ", UNTIL_DEFAULT));
    private static final CommandOption STRICT = CommandOption.optional(
            "strict", "REGEX", "#### (-?[0-9.,]+)", "finds the answer of strict-match: the first of its group");
    private static final CommandOption IGNORE = CommandOption.repeated(
            "ignore",
            "REGEX",
            "is taken out of both answers; without it GSM8K's: comma, $, up to ####, last full stop");

    /** Asks and reports; returns the exit code. */
    interface Job {
        int run(EvalMatchJob.Plan plan, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "eval match";
    }

    @Override
    public String summary() {
        return "let a model answer questions in its own words, and count the answers that match";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                ScoreCommand.MODEL,
                QUESTIONS,
                EvalOptions.LIMIT,
                EXAMPLES,
                SHOTS,
                TEMPLATE,
                DELIMITER,
                UNTIL,
                EvalOptions.NEW_TOKENS,
                STRICT,
                IGNORE,
                EvalOptions.ANSWERS,
                EvalOptions.OUT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        EvalMatchJob.Questions questions = new EvalMatchJob.Questions(
                EvalOptions.files(arguments, QUESTIONS),
                EvalOptions.limit(arguments),
                arguments.all(EXAMPLES.name()).stream().map(Path::of).toList(),
                arguments.wholeNumber(SHOTS.name(), 0));
        List<String> until = arguments.all(UNTIL.name());
        GenerationSettings generation = GenerationSettings.greedy(
                        arguments.wholeNumber(EvalOptions.NEW_TOKENS.name(), 1))
                .withStops(until.isEmpty() ? UNTIL_DEFAULT : until);
        EvalMatchJob.Plan plan = new EvalMatchJob.Plan(
                arguments.path(ScoreCommand.MODEL.name()),
                questions,
                wording(arguments),
                generation,
                EvalOptions.files(arguments));
        return job.run(plan, console);
    }

    private static EvalMatchJob.Wording wording(Arguments arguments) {
        String template = arguments.has(TEMPLATE.name()) ? arguments.text(TEMPLATE.name()) : MatchTask.DEFAULT_TEMPLATE;
        return new EvalMatchJob.Wording(
                template,
                arguments.text(DELIMITER.name()),
                List.of(strict(arguments), AnswerFilter.FLEXIBLE),
                norm(arguments.all(IGNORE.name())));
    }

    private static AnswerFilter strict(Arguments arguments) {
        if (!arguments.has(STRICT.name())) {
            return AnswerFilter.STRICT;
        }
        try {
            Pattern pattern = Pattern.compile(arguments.text(STRICT.name()), Pattern.UNIX_LINES);
            return new AnswerFilter(AnswerFilter.STRICT.name(), pattern, AnswerFilter.Take.FIRST);
        } catch (PatternSyntaxException e) {
            throw wrong(STRICT, e);
        }
    }

    private static AnswerNorm norm(List<String> ignored) {
        try {
            return ignored.isEmpty() ? AnswerNorm.GSM8K : AnswerNorm.of(ignored);
        } catch (PatternSyntaxException e) {
            throw wrong(IGNORE, e);
        }
    }

    private static UsageException wrong(CommandOption option, PatternSyntaxException e) {
        return new UsageException("--" + option.name() + ": got \"" + e.getPattern()
                + "\", expected a regular expression: " + e.getDescription());
    }
}

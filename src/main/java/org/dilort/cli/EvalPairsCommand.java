package org.dilort.cli;

import java.util.List;
import org.dilort.eval.Sections;
import org.dilort.job.EvalFiles;
import org.dilort.job.EvalPairsJob;

/** {@code dil-ort eval pairs}. */
record EvalPairsCommand(Job job) implements Command {
    private static final CommandOption PAIRS =
            CommandOption.repeated("pairs", "FILE", "preference pairs of any form that training reads");
    private static final CommandOption REFERENCE =
            CommandOption.optional("reference", "DIR", "", "a model to compare with: rewards and KL");
    private static final CommandOption SUBSET =
            CommandOption.optional("subset", "KEY", "", "the field of a row that names its subset");
    private static final CommandOption SECTIONS = CommandOption.optional(
            "sections", "FILE", "", "averages over subsets, as JSON: section to subsets, or to weights by subset");

    /** Scores and reports; returns the exit code. */
    interface Job {
        int run(EvalPairsJob.Plan plan, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "eval pairs";
    }

    @Override
    public String summary() {
        return "tell how often a model prefers the chosen responses, and how far it is from its reference";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(
                ScoreCommand.MODEL,
                PAIRS,
                REFERENCE,
                EvalOptions.HEAD,
                EvalOptions.BETA,
                SUBSET,
                SECTIONS,
                EvalOptions.OUT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        boolean sectioned = arguments.has(SECTIONS.name());
        if (sectioned && !arguments.has(SUBSET.name())) {
            throw new UsageException("--sections: expected --subset KEY too");
        }
        EvalPairsJob.Plan plan = new EvalPairsJob.Plan(
                arguments.path(ScoreCommand.MODEL.name()),
                EvalOptions.files(arguments, PAIRS),
                reference(arguments),
                arguments.text(SUBSET.name()),
                sectioned ? Sections.read(arguments.path(SECTIONS.name())) : Sections.none(),
                EvalFiles.of(arguments.path(EvalOptions.OUT.name())));
        return job.run(plan, console);
    }

    private static EvalPairsJob.Reference reference(Arguments arguments) {
        if (arguments.has(REFERENCE.name())) {
            return new EvalPairsJob.Reference.Folder(arguments.path(REFERENCE.name()), EvalOptions.reward(arguments));
        }
        for (CommandOption option : List.of(EvalOptions.HEAD, EvalOptions.BETA)) {
            if (arguments.has(option.name())) {
                throw new UsageException("--" + option.name() + ": expected --reference DIR too");
            }
        }
        return new EvalPairsJob.Reference.None();
    }
}

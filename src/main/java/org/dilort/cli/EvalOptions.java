package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.dilort.eval.Reward;
import org.dilort.heads.Heads;
import org.dilort.job.EvalFiles;

/** Options that several forms of {@code dil-ort eval} have. */
final class EvalOptions {
    private static final String ALL = "all";
    private static final String HEAD_BETA = "the head's";

    static final CommandOption OUT =
            CommandOption.required("out", "FILE", "results as JSON, as lm-evaluation-harness writes them");
    static final CommandOption ANSWERS =
            CommandOption.optional("answers", "FILE", "", "keep the answers, a JSON line each");
    static final CommandOption LIMIT = CommandOption.optional("limit", "N", ALL, "only the first N of each file");
    static final CommandOption NEW_TOKENS =
            CommandOption.optional("max-new-tokens", "N", "256", "bound of an answer's length");
    static final CommandOption HEAD =
            CommandOption.optional("head", "NAME", "lsif", "the head whose rewards are taken: its beta, its reduction");
    static final CommandOption BETA = CommandOption.optional("beta", "NUMBER", HEAD_BETA, "another beta");

    private EvalOptions() {}

    static EvalFiles files(Arguments arguments) {
        List<Path> answers = arguments.has(ANSWERS.name()) ? List.of(arguments.path(ANSWERS.name())) : List.of();
        return new EvalFiles(arguments.path(OUT.name()), answers);
    }

    static int limit(Arguments arguments) {
        return arguments.text(LIMIT.name()).equals(ALL) ? Integer.MAX_VALUE : arguments.wholeNumber(LIMIT.name(), 1);
    }

    static Reward reward(Arguments arguments) {
        Reward reward = Reward.of(Heads.named(arguments.text(HEAD.name())));
        OptionalDouble beta = beta(arguments.text(BETA.name()));
        return beta.isPresent() ? reward.withBeta(beta.getAsDouble()) : reward;
    }

    private static OptionalDouble beta(String text) {
        if (text.equals(HEAD_BETA)) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new UsageException("--beta: got \"" + text + "\", expected a number > 0");
        }
    }

    /** The files of an option that must be given at least once. */
    static List<Path> files(Arguments arguments, CommandOption option) {
        List<Path> files = arguments.all(option.name()).stream().map(Path::of).toList();
        if (files.isEmpty()) {
            throw new UsageException("--" + option.name() + ": missing, expected at least one file");
        }
        return files;
    }
}

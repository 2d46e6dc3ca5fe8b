package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;
import org.dilort.model.Parameter;

/**
 * Which parameters weight decay acts on: all but those that {@code train.no_decay} names, by a regular expression that
 * finds a part of the name, or by the word {@code norms_and_biases}.
 */
final class WeightDecay {
    /** Every parameter of one dimension: the gains of norms, and all biases. */
    private static final String NORMS_AND_BIASES = "norms_and_biases";

    private WeightDecay() {}

    /** @throws ConfigException for what is no regular expression */
    static void check(List<String> exceptions) {
        exceptions.forEach(WeightDecay::named);
    }

    /**
     * @param parameters of the model
     * @throws ConfigException for an exception that none of them is
     */
    static Predicate<Parameter> decayed(List<String> exceptions, List<Parameter> parameters) {
        List<Predicate<Parameter>> named = new ArrayList<>();
        for (String exception : exceptions) {
            Predicate<Parameter> one = named(exception);
            if (parameters.stream().noneMatch(one) && !exception.equals(NORMS_AND_BIASES)) {
                throw new ConfigException("train.no_decay: got \"" + exception + "\", which is found in none of the "
                        + parameters.size() + " parameters' names, such as "
                        + parameters.get(0).name() + "; " + hint(exception));
            }
            named.add(one);
        }
        return parameter -> named.stream().noneMatch(one -> one.test(parameter));
    }

    private static Predicate<Parameter> named(String exception) {
        if (exception.equals(NORMS_AND_BIASES)) {
            return parameter -> parameter.shape().rank() < 2;
        }
        try {
            Predicate<String> pattern = Pattern.compile(exception).asPredicate();
            return parameter -> pattern.test(parameter.name());
        } catch (PatternSyntaxException e) {
            throw new ConfigException("train.no_decay: got \"" + exception + "\", expected a regular expression ("
                    + e.getDescription() + " at " + e.getIndex() + ")");
        }
    }

    private static String hint(String exception) {
        return Nearest.to(exception, List.of(NORMS_AND_BIASES))
                .map(word -> "did you mean " + word + "?")
                .orElse("expected a regular expression that finds one, or " + NORMS_AND_BIASES);
    }
}

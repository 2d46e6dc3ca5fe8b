package org.dilort.artifacts;

import java.util.function.Predicate;

/**
 * Names of the tensors of a training state. For each trainable parameter {@code W} the checkpoint holds, all as frozen
 * parameters, {@code W}, its gradient sum {@code W.gradient}, and what the optimizer keeps of it, such as
 * {@code W.moment1}; the graphs write them in place.
 */
public final class StateNames {
    private static final String GRADIENT = "gradient";

    private StateNames() {}

    public static String gradient(String parameter) {
        return of(parameter, GRADIENT);
    }

    /** Whether a tensor of this name is the gradient sum of one of the tensors that exist. */
    static boolean isGradient(String name, Predicate<String> exists) {
        String suffix = "." + GRADIENT;
        return name.endsWith(suffix) && exists.test(name.substring(0, name.length() - suffix.length()));
    }

    /** @param kind of {@link Optimizer.StateTensor} */
    public static String of(String parameter, String kind) {
        return parameter + "." + kind;
    }
}

package org.dilort.artifacts;

/**
 * Names of the tensors of a training state. For each trainable parameter {@code W} the checkpoint holds, all as frozen
 * parameters, {@code W}, its gradient sum, and AdamW's two moments; the graphs write them in place.
 */
public final class StateNames {
    private static final String GRADIENT = ".gradient";
    private static final String FIRST_MOMENT = ".moment1";
    private static final String SECOND_MOMENT = ".moment2";

    private StateNames() {}

    public static String gradient(String parameter) {
        return parameter + GRADIENT;
    }

    public static String firstMoment(String parameter) {
        return parameter + FIRST_MOMENT;
    }

    public static String secondMoment(String parameter) {
        return parameter + SECOND_MOMENT;
    }
}

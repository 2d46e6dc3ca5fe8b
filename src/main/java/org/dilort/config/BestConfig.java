package org.dilort.config;

/**
 * The evaluation that a run is judged by: the checkpoint that has the best value of a metric is kept, and a run that no longer
 * improves may end early.
 *
 * @param metric its name in {@code metrics.jsonl} without {@code eval_}; empty only in {@link #NONE}
 * @param goal which of two values is the better
 * @param minDelta by how much a value must be better to count, &gt;= 0
 * @param patience evaluations in a row without a better value after which the run ends; none = it goes on to its last step
 * @param deliver which weights become {@code hf/} and {@code export/}
 */
public record BestConfig(String metric, Goal goal, double minDelta, Limit patience, Deliver deliver)
        implements Section {
    public static final BestConfig NONE = new BestConfig("", Goal.AUTO, 0, Limit.none(), Deliver.BEST);

    /** {@code auto} is lowest for the loss, highest for everything else. */
    public enum Goal implements Keyed {
        AUTO,
        HIGHEST,
        LOWEST
    }

    /** Of the best checkpoint, or of the last step. */
    public enum Deliver implements Keyed {
        BEST,
        LAST
    }

    public BestConfig {
        boolean none =
                metric.isEmpty() && goal == Goal.AUTO && minDelta == 0 && !patience.exists() && deliver == Deliver.BEST;
        Require.check(
                none || !metric.isBlank(), "metric", "an empty text", "the name of a metric, such as accuracy or loss");
        Require.check(!metric.startsWith("eval_"), "metric", metric, "a name without eval_, such as accuracy or loss");
        Require.notNegative("min_delta", minDelta);
    }

    public boolean enabled() {
        return !metric.isEmpty();
    }
}

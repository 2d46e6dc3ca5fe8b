package org.dilort.model;

/**
 * The longest sequence of a run. It fixes the rotary factors that depend on length: a run computes every sequence with
 * the same ones, and so does what it exports.
 */
public record RunLength(int tokens) {
    /**
     * Key of {@code config.json} for models whose factors depend on length: the length that they were tuned for. Programs
     * that do not know it choose the factors by each batch, as they do with any model.
     */
    public static final String KEY = "dil_ort_run_length";

    /** Within what any model was trained for. */
    public static final RunLength SHORT = new RunLength(1);

    public RunLength {
        if (tokens < 1) {
            throw new IllegalArgumentException("run of " + tokens + " tokens, expected at least 1");
        }
    }

    /** That of the run which tuned the model; a model that says nothing is taken as it was pre-trained. */
    static RunLength recordedIn(ConfigJson json) {
        return json.has(KEY) ? new RunLength(json.count(KEY)) : SHORT;
    }
}

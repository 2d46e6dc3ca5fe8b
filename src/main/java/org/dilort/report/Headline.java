package org.dilort.report;

import java.util.List;
import java.util.Set;

/** What tells most of a run: metrics of its held-out pairs, in the order in which people ask for them. */
public enum Headline {
    ACCURACY("accuracy", "preference accuracy", "accuracy", ""),
    CHOSEN("logps/chosen", "log-probability chosen", "logp chosen", ", nats"),
    REJECTED("logps/rejected", "log-probability rejected", "logp rejected", ", nats"),
    MARGIN("margin", "margin", "margin", ", nats"),
    ANSWERS("answers/right", "greedy answers right", "answers right", "");

    private final String metric;
    private final String label;
    private final String brief;
    private final String unit;

    Headline(String metric, String label, String brief, String unit) {
        this.metric = metric;
        this.label = label;
        this.brief = brief;
        this.unit = unit;
    }

    /** Its name among the metrics of an evaluation, without {@code eval_}. */
    public String metric() {
        return metric;
    }

    public String label() {
        return label;
    }

    /** For the head of a column. */
    String brief() {
        return brief;
    }

    String labelWithUnit() {
        return label + unit;
    }

    /** The same of held-out pairs that have a name. */
    public String metric(String set) {
        return set + "_" + metric;
    }

    /** For a table: {@code helpful: margin}. */
    public String label(String set) {
        return set + ": " + label;
    }

    /** Names of held-out pairs that metrics tell of, in the order of the alphabet. */
    public static List<String> sets(Set<String> metrics) {
        String end = CHOSEN.metric("");
        return metrics.stream()
                .filter(name -> name.endsWith(end))
                .map(name -> name.substring(0, name.length() - end.length()))
                .sorted()
                .toList();
    }

    /** Its name in {@code metrics.jsonl}. */
    String evaluated() {
        return "eval_" + metric;
    }
}

package org.dilort.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.chart.Curve;
import org.dilort.chart.Panel;

/**
 * The curves of one run: every panel that has something to show.
 *
 * <p>Metrics of a step are those of its own pairs, so they jump from step to step; {@code held out} are always of the same pairs.
 */
final class Panels {
    private static final int MOST_POINTS = 240;

    /** Where the panels of the held-out names stand: what is seldom looked at comes after them. */
    private static final int BEFORE_GRADIENTS = 6;

    private static final List<Spec> ALL = List.of(
            new Spec(
                    "Loss",
                    "The head's loss, mean over pairs.",
                    List.of(new Line("training", "loss"), new Line("held out", "eval_loss"))),
            new Spec(
                    "Rewards",
                    "Beta times the log-ratio of policy to reference.",
                    List.of(
                            new Line("chosen", "rewards/chosen"),
                            new Line("rejected", "rewards/rejected"),
                            new Line("chosen, held out", "eval_rewards/chosen"),
                            new Line("rejected, held out", "eval_rewards/rejected"))),
            new Spec(
                    "Margin of rewards",
                    "Chosen less rejected.",
                    List.of(new Line("training", "rewards/margins"), new Line("held out", "eval_rewards/margins"))),
            new Spec(
                    "Log-probabilities",
                    "Of whole responses, in nats. A chosen one that falls is unlearned.",
                    List.of(
                            new Line("chosen", "logps/chosen"),
                            new Line("rejected", "logps/rejected"),
                            new Line("chosen, held out", "eval_logps/chosen"),
                            new Line("rejected, held out", "eval_logps/rejected"))),
            new Spec(
                    "Accuracy",
                    "Share of pairs whose chosen response has the greater reward; under the model: is the likelier one.",
                    List.of(
                            new Line("rewards", "rewards/accuracies"),
                            new Line("rewards, held out", "eval_rewards/accuracies"),
                            new Line("under the model, held out", "eval_accuracy"))),
            new Spec(
                    "Right answers",
                    "Share of greedy answers to held-out prompts.",
                    List.of(new Line("held out", "eval_answers/right"))),
            new Spec(
                    "Saturated pairs",
                    "Share of pairs beyond head.exp_cap.",
                    List.of(new Line("training", "head/saturated"), new Line("held out", "eval_head/saturated"))),
            new Spec("Gradient norm", "Before clipping.", List.of(new Line("training", "grad_norm"))),
            new Spec("Learning rate", "Of each step.", List.of(new Line("training", "learning_rate"))),
            new Spec(
                    "Throughput",
                    "Tokens a second: of both sequences, and as computed, a shared prompt once.",
                    List.of(
                            new Line("tokens", "tokens_per_second"),
                            new Line("computed", "computed_tokens_per_second"))));

    private Panels() {}

    private record Line(String name, String metric) {}

    private record Spec(String title, String explanation, List<Line> lines) {}

    static List<Curves> of(RunRecord run) {
        List<Curves> panels = new ArrayList<>();
        List<Spec> specs = new ArrayList<>(ALL);
        specs.addAll(BEFORE_GRADIENTS, bySet(run));
        for (Spec spec : specs) {
            List<Curve> curves = new ArrayList<>();
            for (Line line : spec.lines()) {
                Series series = run.series(line.metric());
                if (series.size() > 0 && !silent(line, series)) {
                    curves.add(series.curve(line.name(), MOST_POINTS));
                }
            }
            if (!curves.isEmpty()) {
                panels.add(new Curves(spec.title(), spec.explanation(), curves));
            }
        }
        return panels;
    }

    /** Held-out pairs that have a name, each by itself. */
    private static List<Spec> bySet(RunRecord run) {
        List<String> sets = Headline.sets(run.summary().before().keySet()).stream()
                .limit(Panel.MOST_CURVES)
                .toList();
        return Stream.of(Headline.ACCURACY, Headline.CHOSEN, Headline.MARGIN)
                .map(headline -> new Spec(
                        "By name: " + headline.labelWithUnit(),
                        "Of the held-out pairs of each name.",
                        sets.stream()
                                .map(set -> new Line(set, "eval_" + headline.metric(set)))
                                .toList()))
                .toList();
    }

    /** That no pair was saturated needs no picture. */
    private static boolean silent(Line line, Series series) {
        return line.metric().endsWith("head/saturated") && series.sum() == 0;
    }
}

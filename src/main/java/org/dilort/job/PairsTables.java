package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import org.dilort.chart.TextTable;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;

/** What {@code eval pairs} prints. */
final class PairsTables {
    private PairsTables() {}

    /** @param results that of all pairs first */
    static List<String> lines(List<TaskResult> results, List<TaskResults.Group> sections) {
        List<String> lines = new ArrayList<>(preferences(results).lines());
        if (results.get(0).has("reward_acc")) {
            lines.addAll(compared(results).lines());
        }
        if (!sections.isEmpty()) {
            lines.addAll(averages(sections).lines());
        }
        return lines;
    }

    private static TextTable preferences(List<TaskResult> results) {
        TextTable table =
                new TextTable("pairs", "", "acc", "95 %", "ties", "acc/token", "margin", "tokens", "longer wins");
        results.forEach(result -> table.add(
                result.name(),
                String.valueOf(result.samples()),
                ResultText.number(result, "acc"),
                ResultText.interval(result, "acc"),
                ResultText.count(result, "acc_ties"),
                ResultText.number(result, "acc_per_token"),
                ResultText.number(result, "margin"),
                ResultText.mean(result, "tokens_chosen") + " / " + ResultText.mean(result, "tokens_rejected"),
                ResultText.number(result, "longer_wins")));
        return table;
    }

    private static TextTable compared(List<TaskResult> results) {
        TextTable table = new TextTable(
                "against the reference",
                "reward acc",
                "95 %",
                "reward margin",
                "k1 chosen",
                "k1 rejected",
                "k3 chosen",
                "k3 rejected");
        results.forEach(result -> table.add(
                result.name(),
                ResultText.number(result, "reward_acc"),
                ResultText.interval(result, "reward_acc"),
                ResultText.number(result, "reward_margin"),
                ResultText.number(result, "kl_k1_chosen"),
                ResultText.number(result, "kl_k1_rejected"),
                ResultText.number(result, "kl_k3_chosen"),
                ResultText.number(result, "kl_k3_rejected")));
        return table;
    }

    private static TextTable averages(List<TaskResults.Group> sections) {
        boolean rewards = sections.get(0).result().has("reward_acc");
        String metric = rewards ? "reward_acc" : "acc";
        TextTable table = new TextTable("section", "", rewards ? "reward acc" : "acc", "+-");
        sections.forEach(section -> table.add(
                section.result().name(),
                String.valueOf(section.result().samples()),
                ResultText.number(section.result(), metric),
                ResultText.number(section.result(), metric + "_stderr")));
        return table;
    }
}

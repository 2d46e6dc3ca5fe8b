package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.chart.TextTable;
import org.dilort.eval.TaskResult;

/** What {@code eval versus} prints. */
final class VersusTables {
    private VersusTables() {}

    static List<String> lines(Path model, Path against, TaskResult result) {
        List<String> lines = new ArrayList<>(rate(result).lines());
        TextTable lengths = new TextTable("answers of", "characters", "tokens");
        lengths.add(model.toString(), ResultText.mean(result, "avg_length"), ResultText.mean(result, "avg_tokens"));
        lengths.add(
                against.toString(),
                ResultText.mean(result, "avg_length_base"),
                ResultText.mean(result, "avg_tokens_base"));
        lines.addAll(lengths.lines());
        lines.add("the longer answer won: " + ResultText.number(result, "longer_wins"));
        return lines;
    }

    private static TextTable rate(TaskResult result) {
        TextTable table = new TextTable(
                "win rate", "95 %", "wins", "losses", "ties", "changed its mind", "unreadable", "decided", "95 %");
        table.add(
                ResultText.number(result, "win_rate"),
                ResultText.interval(result, "win_rate"),
                ResultText.count(result, "n_wins"),
                ResultText.count(result, "n_wins_base"),
                ResultText.count(result, "n_draws"),
                ResultText.count(result, "n_changed"),
                ResultText.count(result, "n_unreadable"),
                ResultText.number(result, "decided_win_rate"),
                ResultText.interval(result, "decided_win_rate"));
        return table;
    }
}

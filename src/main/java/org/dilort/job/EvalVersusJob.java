package org.dilort.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dilort.chart.TextTable;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ChatTemplates;
import org.dilort.data.Prompt;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.judge.Comparison;
import org.dilort.judge.Judge;
import org.dilort.judge.JudgeChoice;
import org.dilort.judge.Ruling;
import org.dilort.judge.WinRate;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.NanoClock;

/** {@code dil-ort eval versus}: two models answer the same prompts, and a judge says whose answers are better. */
public final class EvalVersusJob {
    private static final int PROMPTS_AT_ONCE = 32;

    private EvalVersusJob() {}

    /**
     * What is asked.
     *
     * @param limit prompts, from the first
     * @param form of prompts that are texts
     */
    public record Prompts(List<Path> files, int limit, PromptForm form) {
        public Prompts {
            files = List.copyOf(files);
        }
    }

    /** @param seed of the bootstrap */
    public record Plan(
            Path model,
            Path against,
            Prompts prompts,
            GenerationSettings generation,
            JudgeChoice judge,
            long seed,
            EvalFiles files) {}

    public static void run(Plan plan, SessionSettings session, JobOutput output) {
        plan.files().requireWritable();
        List<Prompt> prompts = Prompt.read(
                        plan.prompts().files(), plan.prompts().limit())
                .stream()
                .map(prompt -> plan.prompts().form() == PromptForm.CHAT ? prompt.asConversation() : prompt)
                .toList();
        String name = EvalJob.name(plan.prompts().files().get(0));
        try (Judge judge = Judge.open(plan.judge(), session)) {
            List<Generation> own = answers(plan.model(), prompts, plan, session, output);
            List<Generation> others = answers(plan.against(), prompts, plan, session, output);
            List<ObjectNode> lines = lines(prompts, own, others);
            plan.files().writeAnswers(lines);
            WinRate rate = judged(judge, prompts, own, others, lines, output);
            plan.files().writeAnswers(lines);
            TaskResult result = rate.result(name, plan.seed());
            tables(plan, result).forEach(output::line);
            TaskResults.of(plan.model(), List.of(result), config(plan))
                    .write(plan.files().results());
        }
        output.line("results in " + plan.files().results());
    }

    private static List<Generation> answers(
            Path folder, List<Prompt> prompts, Plan plan, SessionSettings session, JobOutput output) {
        ChatTemplate template = ChatTemplates.ofModel(folder, Clock.systemUTC());
        List<String> texts =
                prompts.stream().map(prompt -> prompt.forModel(template)).toList();
        CountProgress progress = new CountProgress("answers of " + folder, NanoClock.SYSTEM, output::progress);
        List<Generation> answers = new ArrayList<>();
        try (Generator generator = Generator.open(folder, session)) {
            for (int start = 0; start < texts.size(); start += PROMPTS_AT_ONCE) {
                int end = Math.min(texts.size(), start + PROMPTS_AT_ONCE);
                answers.addAll(generator.generateCut(texts.subList(start, end), plan.generation()));
                progress.add(end - start);
            }
        }
        return answers;
    }

    private static List<ObjectNode> lines(List<Prompt> prompts, List<Generation> own, List<Generation> others) {
        List<ObjectNode> lines = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            lines.add(JsonNodeFactory.instance
                    .objectNode()
                    .put("prompt", prompts.get(i).shown())
                    .put("a", own.get(i).text())
                    .put("b", others.get(i).text())
                    .put("tokens/a", own.get(i).tokens())
                    .put("tokens/b", others.get(i).tokens()));
        }
        return lines;
    }

    private static WinRate judged(
            Judge judge,
            List<Prompt> prompts,
            List<Generation> own,
            List<Generation> others,
            List<ObjectNode> lines,
            JobOutput output) {
        WinRate rate = new WinRate();
        CountProgress progress = new CountProgress("comparisons", NanoClock.SYSTEM, output::progress);
        for (int i = 0; i < prompts.size(); i++) {
            Generation a = own.get(i);
            Generation b = others.get(i);
            Comparison comparison = new Comparison(prompts.get(i), a.text(), b.text());
            Ruling ruling = judge.inBothOrders(comparison);
            rate.add(comparison, new WinRate.Lengths(a.tokens(), b.tokens()), ruling);
            lines.get(i)
                    .put("verdict", text(ruling.verdict()))
                    .put("verdict/a_first", text(ruling.forward()))
                    .put("verdict/b_first", text(ruling.backward()));
            progress.add(1);
        }
        return rate;
    }

    private static String text(Enum<?> verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> config(Plan plan) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("against", plan.against().toString());
        config.put("judge", plan.judge().description());
        config.put("interval", "bootstrap over prompts, 10000 samples, seed " + plan.seed());
        return config;
    }

    private static List<String> tables(Plan plan, TaskResult result) {
        TextTable rate = new TextTable("win rate", "95 %", "wins", "losses", "ties", "changed its mind", "unreadable");
        rate.add(
                ResultText.number(result.value("win_rate")),
                ResultText.interval(result, "win_rate"),
                count(result, "n_wins"),
                count(result, "n_wins_base"),
                count(result, "n_draws"),
                count(result, "n_changed"),
                count(result, "n_unreadable"));
        TextTable lengths = new TextTable("answers of", "characters", "tokens");
        lengths.add(plan.model().toString(), mean(result, "avg_length"), mean(result, "avg_tokens"));
        lengths.add(plan.against().toString(), mean(result, "avg_length_base"), mean(result, "avg_tokens_base"));
        List<String> lines = new ArrayList<>(rate.lines());
        lines.addAll(lengths.lines());
        lines.add("the longer answer won: " + ResultText.number(result.value("longer_wins")));
        return lines;
    }

    private static String count(TaskResult result, String metric) {
        return String.format(Locale.ROOT, "%.0f", result.value(metric));
    }

    private static String mean(TaskResult result, String metric) {
        return String.format(Locale.ROOT, "%.1f", result.value(metric));
    }
}

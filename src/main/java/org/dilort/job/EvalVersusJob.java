package org.dilort.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dilort.data.ChatTemplate;
import org.dilort.data.ChatTemplates;
import org.dilort.data.Prompt;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.export.ModelPlace;
import org.dilort.judge.Comparison;
import org.dilort.judge.Judge;
import org.dilort.judge.JudgeChoice;
import org.dilort.judge.Ruling;
import org.dilort.judge.Verdict;
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
        List<Prompt> prompts = prompts(plan.prompts());
        String name = EvalJob.name(plan.prompts().files().get(0));
        try (Judge judge = Judge.open(plan.judge(), session)) {
            Answering answering = new Answering(prompts, plan.generation(), session, output);
            List<Round> rounds = rounds(prompts, answering.by(plan.model()), answering.by(plan.against()));
            plan.files().writeAnswers(rounds.stream().map(Round::line).toList());
            TaskResult result = judged(judge, rounds, plan, output).result(name, plan.seed());
            VersusTables.lines(plan.model(), plan.against(), result).forEach(output::line);
            TaskResults.of(plan.model(), List.of(result), config(plan))
                    .write(plan.files().results());
        }
        output.line("results in " + plan.files().results());
    }

    private static List<Prompt> prompts(Prompts prompts) {
        return Prompt.read(prompts.files(), prompts.limit()).stream()
                .map(prompt -> prompts.form() == PromptForm.CHAT ? prompt.asConversation() : prompt)
                .toList();
    }

    /** Lets models answer, one after the other. */
    private record Answering(
            List<Prompt> prompts, GenerationSettings settings, SessionSettings session, JobOutput output) {

        List<Generation> by(Path model) {
            ChatTemplate template = ChatTemplates.ofModel(ModelPlace.of(model).folder(), ChatTemplates.DATA_CLOCK);
            List<String> texts =
                    prompts.stream().map(prompt -> prompt.forModel(template)).toList();
            CountProgress progress = new CountProgress("answers of " + model, NanoClock.SYSTEM, output::progress);
            List<Generation> answers = new ArrayList<>();
            try (Generator generator = Generator.open(model, session)) {
                for (int start = 0; start < texts.size(); start += PROMPTS_AT_ONCE) {
                    int end = Math.min(texts.size(), start + PROMPTS_AT_ONCE);
                    answers.addAll(generator.generateCut(texts.subList(start, end), settings));
                    progress.add(end - start);
                }
            }
            return answers;
        }
    }

    /** A prompt with both answers. */
    private record Round(Prompt prompt, Generation a, Generation b) {

        Comparison comparison() {
            return new Comparison(prompt, a.text(), b.text());
        }

        ObjectNode line() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("prompt", prompt.shown())
                    .put("a", a.text())
                    .put("b", b.text())
                    .put("tokens/a", a.tokens())
                    .put("tokens/b", b.tokens());
        }

        ObjectNode line(Ruling ruling) {
            return line().put("verdict", text(ruling.verdict()))
                    .put("verdict/a_first", text(ruling.forward()))
                    .put("verdict/b_first", text(ruling.backward()));
        }

        private static String text(Verdict verdict) {
            return verdict.name().toLowerCase(Locale.ROOT);
        }
    }

    private static List<Round> rounds(List<Prompt> prompts, List<Generation> own, List<Generation> others) {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            rounds.add(new Round(prompts.get(i), own.get(i), others.get(i)));
        }
        return rounds;
    }

    private static WinRate judged(Judge judge, List<Round> rounds, Plan plan, JobOutput output) {
        WinRate rate = new WinRate();
        List<ObjectNode> lines = new ArrayList<>();
        CountProgress progress = new CountProgress("comparisons", NanoClock.SYSTEM, output::progress);
        for (Round round : rounds) {
            Ruling ruling = judge.inBothOrders(round.comparison());
            WinRate.Lengths lengths =
                    new WinRate.Lengths(round.a().tokens(), round.b().tokens());
            rate.add(round.comparison(), lengths, ruling);
            lines.add(round.line(ruling));
            progress.add(1);
        }
        plan.files().writeAnswers(lines);
        return rate;
    }

    private static Map<String, String> config(Plan plan) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("against", plan.against().toString());
        config.put("judge", plan.judge().description());
        config.put("interval", "bootstrap over prompts, 10000 samples, seed " + plan.seed());
        return config;
    }
}

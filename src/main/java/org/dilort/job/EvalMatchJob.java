package org.dilort.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.chart.TextTable;
import org.dilort.error.ConfigException;
import org.dilort.eval.AnswerFilter;
import org.dilort.eval.AnswerNorm;
import org.dilort.eval.MatchQuestion;
import org.dilort.eval.MatchTask;
import org.dilort.eval.MatchTask.Sample;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.NanoClock;

/** {@code dil-ort eval match}: questions that are answered greedily, and whether the answers are the expected ones. */
public final class EvalMatchJob {
    private EvalMatchJob() {}

    /**
     * What is asked.
     *
     * @param limit questions of each file, from the first
     * @param shots questions at the begin of {@code examples} that stand solved before each
     */
    public record Questions(List<Path> files, int limit, List<Path> examples, int shots) {
        public Questions {
            files = List.copyOf(files);
            examples = List.copyOf(examples);
        }
    }

    /** How it is asked, and what counts as an answer. */
    public record Wording(String template, String delimiter, List<AnswerFilter> filters, AnswerNorm norm) {
        public Wording {
            filters = List.copyOf(filters);
        }
    }

    /** @param questions a task each file, with its name */
    public record Plan(
            Path model, Questions questions, Wording wording, GenerationSettings generation, EvalFiles files) {}

    public static void run(Plan plan, SessionSettings session, JobOutput output) {
        plan.files().requireWritable();
        List<MatchTask> tasks = tasks(plan);
        List<TaskResult> results = new ArrayList<>();
        List<ObjectNode> answers = new ArrayList<>();
        try (Generator generator = Generator.open(plan.model(), session)) {
            for (MatchTask task : tasks) {
                CountProgress progress = new CountProgress("answers", NanoClock.SYSTEM, output::progress);
                List<Sample> samples = task.run(
                        prompts -> generator.generateCut(prompts, plan.generation()).stream()
                                .map(Generation::text)
                                .toList(),
                        progress::add);
                samples.forEach(sample -> answers.add(line(task, sample)));
                results.add(task.result(samples));
            }
        }
        plan.files().writeAnswers(answers);
        table(tasks, results).lines().forEach(output::line);
        TaskResults.of(plan.model(), results, config(plan)).write(plan.files().results());
        output.line("results in " + plan.files().results());
    }

    private static List<MatchTask> tasks(Plan plan) {
        Questions questions = plan.questions();
        Wording wording = plan.wording();
        List<MatchQuestion> shots = shots(questions);
        List<MatchTask> tasks = new ArrayList<>();
        for (Path file : questions.files()) {
            tasks.add(new MatchTask(
                    EvalJob.name(file),
                    MatchQuestion.read(file, questions.limit()),
                    shots,
                    wording.template(),
                    wording.delimiter(),
                    wording.filters(),
                    wording.norm()));
        }
        return tasks;
    }

    private static List<MatchQuestion> shots(Questions questions) {
        List<MatchQuestion> shots = new ArrayList<>();
        for (Path file : questions.examples()) {
            if (shots.size() < questions.shots()) {
                shots.addAll(MatchQuestion.read(file, questions.shots() - shots.size()));
            }
        }
        if (shots.size() < questions.shots()) {
            throw new ConfigException("--shots: got " + questions.shots() + ", expected at most the " + shots.size()
                    + " questions of --examples");
        }
        return shots;
    }

    private static Map<String, String> config(Plan plan) {
        return Map.of(
                "gen_kwargs",
                "until=" + plan.generation().stops() + ",max_gen_toks="
                        + plan.generation().maxNewTokens() + ",do_sample=False");
    }

    private static ObjectNode line(MatchTask task, Sample sample) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("task", task.name())
                .put("question", sample.question().question())
                .put("expected", sample.question().answer())
                .put("answer", sample.text());
        for (AnswerFilter filter : task.filters()) {
            line.put("found," + filter.name(), sample.found().get(filter.name()))
                    .put("exact_match," + filter.name(), sample.right().get(filter.name()));
        }
        return line;
    }

    private static TextTable table(List<MatchTask> tasks, List<TaskResult> results) {
        TextTable table = new TextTable("questions", "", "filter", "exact_match", "+-", "95 %");
        for (int i = 0; i < tasks.size(); i++) {
            TaskResult result = results.get(i);
            for (AnswerFilter filter : tasks.get(i).filters()) {
                double low = result.value("exact_match_ci_low", filter.name());
                double high = result.value("exact_match_ci_high", filter.name());
                table.add(
                        result.name(),
                        String.valueOf(result.samples()),
                        filter.name(),
                        ResultText.number(result.value("exact_match", filter.name())),
                        ResultText.number(result.value("exact_match_stderr", filter.name())),
                        ResultText.interval(low, high));
            }
        }
        return table;
    }
}

package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dilort.data.Tokenizer;
import org.dilort.error.ConfigException;
import org.dilort.eval.ChoiceQuestion;
import org.dilort.eval.ChoiceTask;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.SequenceScorer;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;
import org.dilort.runtime.SessionSettings;

/** {@code dil-ort eval}: multiple-choice tasks under a model. */
public final class EvalJob {
    private EvalJob() {}

    /**
     * How a prompt is put together.
     *
     * @param delimiter between a question and a choice
     */
    public record Wording(String delimiter, ChoiceTask.Begin begin) {}

    /**
     * What is asked.
     *
     * @param tasks files of questions; a task has the name of its file
     * @param shots questions at the begin of {@code examples} that stand solved before each
     */
    public record Plan(Path model, List<Path> tasks, List<Path> examples, int shots, Wording wording, Path out) {
        public Plan {
            tasks = List.copyOf(tasks);
            examples = List.copyOf(examples);
        }
    }

    public static void run(Plan plan, SessionSettings session, JobOutput output) {
        ScoreJob.requireWritable("--out", plan.out());
        ModelFolder folder = ModelFolder.open(plan.model());
        List<ChoiceQuestion> shots = shots(plan);
        List<TaskResult> results = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(folder.path());
                SequenceScorer scorer = folder.scorer(session)) {
            for (Path file : plan.tasks()) {
                ChoiceTask task = new ChoiceTask(
                        name(file),
                        ChoiceQuestion.read(file),
                        shots,
                        plan.wording().delimiter());
                TaskResult result = task.result(task.run(
                        tokenizer, plan.wording().begin(), scorer, folder.size().maxPositions()));
                results.add(result);
                output.line(line(result));
            }
        }
        TaskResults.of(plan.model(), results, Map.of()).write(plan.out());
        output.line("results in " + plan.out());
    }

    private static List<ChoiceQuestion> shots(Plan plan) {
        List<ChoiceQuestion> all = plan.examples().stream()
                .flatMap(file -> ChoiceQuestion.read(file).stream())
                .toList();
        if (all.size() < plan.shots()) {
            throw new ConfigException("--shots: got " + plan.shots() + ", expected at most the " + all.size()
                    + " questions of --examples");
        }
        return all.subList(0, plan.shots());
    }

    /** A task's: that of its file, up to the first dot. */
    static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\..*$", "");
    }

    private static String line(TaskResult result) {
        return String.format(
                Locale.ROOT,
                "%s: %d questions, acc %.4f +- %.4f, acc_norm %.4f +- %.4f",
                result.name(),
                result.samples(),
                result.value("acc"),
                result.value("acc_stderr"),
                result.value("acc_norm"),
                result.value("acc_norm_stderr"));
    }
}

package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.chart.TextTable;
import org.dilort.data.Tokenizer;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.PerplexityTask;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;
import org.dilort.eval.TextDocuments;
import org.dilort.export.DecoderScorer;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.NanoClock;

/** {@code dil-ort eval perplexity}: how well a model predicts texts. */
public final class EvalPerplexityJob {
    /** Windows of all positions that the model has. */
    public static final int MODEL_LENGTH = 0;

    private EvalPerplexityJob() {}

    /**
     * @param texts a task each, with the name of its file
     * @param field of the text in a row
     * @param maxLength tokens of a window, or {@link #MODEL_LENGTH}
     */
    public record Plan(Path model, List<Path> texts, String field, int maxLength, EvalFiles files) {
        public Plan {
            texts = List.copyOf(texts);
        }
    }

    public static void run(Plan plan, SessionSettings session, JobOutput output) {
        plan.files().requireWritable();
        ModelFolder folder = ModelFolder.open(plan.model());
        int length = plan.maxLength() == MODEL_LENGTH ? folder.size().maxPositions() : plan.maxLength();
        List<TaskResult> results = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(folder.path());
                DecoderScorer scorer = folder.decoderScorer(session)) {
            for (Path path : plan.texts()) {
                PerplexityTask task = new PerplexityTask(tokenizer, scorer, length);
                CountProgress progress = new CountProgress("documents", NanoClock.SYSTEM, output::progress);
                TextDocuments.read(path, plan.field(), text -> {
                    task.add(text);
                    progress.add(1);
                });
                results.add(task.result(EvalJob.name(path)));
            }
        }
        table(results).lines().forEach(output::line);
        Map<String, String> config = Map.of("max_length", String.valueOf(length));
        TaskResults.of(plan.model(), results, config).write(plan.files().results());
        output.line("results in " + plan.files().results());
    }

    private static TextTable table(List<TaskResult> results) {
        TextTable table = new TextTable(
                "text", "documents", "words", "bytes", "tokens", "word_perplexity", "byte_perplexity", "bits_per_byte");
        results.forEach(result -> table.add(
                result.name(),
                String.valueOf(result.samples()),
                ResultText.count(result, "words"),
                ResultText.count(result, "bytes"),
                ResultText.count(result, "tokens"),
                ResultText.number(result, "word_perplexity"),
                ResultText.number(result, "byte_perplexity"),
                ResultText.number(result, "bits_per_byte")));
        return table;
    }
}

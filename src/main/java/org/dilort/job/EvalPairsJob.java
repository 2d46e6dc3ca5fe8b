package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.data.LabelledPair;
import org.dilort.data.Tokenizer;
import org.dilort.eval.ModelFolder;
import org.dilort.eval.PairTask;
import org.dilort.eval.Reward;
import org.dilort.eval.Sections;
import org.dilort.eval.SequenceScorer;
import org.dilort.eval.TaskResult;
import org.dilort.eval.TaskResults;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.NanoClock;

/** {@code dil-ort eval pairs}: preference pairs under a model, as a whole and by subset. */
public final class EvalPairsJob {
    private EvalPairsJob() {}

    /** What the model is compared with. */
    public sealed interface Reference {
        record None() implements Reference {}

        record Folder(Path path, Reward reward) implements Reference {}
    }

    /** @param subsetKey the field of a row that names its subset; empty = none */
    public record Plan(
            Path model, List<Path> pairs, Reference reference, String subsetKey, Sections sections, EvalFiles files) {
        public Plan {
            pairs = List.copyOf(pairs);
        }
    }

    public static void run(Plan plan, SessionSettings session, JobOutput output) {
        plan.files().requireWritable();
        ModelFolder folder = ModelFolder.open(plan.model());
        try (Tokenizer tokenizer = Tokenizer.open(folder.path());
                SequenceScorer policy = folder.scorer(session)) {
            if (plan.reference() instanceof Reference.Folder reference) {
                ModelFolder other = ModelFolder.open(reference.path());
                warnOfOtherTokenizer(folder.path(), other.path(), output);
                try (SequenceScorer scorer = other.scorer(session)) {
                    run(
                            plan,
                            folder,
                            tokenizer,
                            policy,
                            new PairTask.Reference.Model(scorer, reference.reward()),
                            output);
                }
            } else {
                run(plan, folder, tokenizer, policy, new PairTask.Reference.None(), output);
            }
        }
    }

    /** Both score the tokens of the model's own tokenizer. */
    private static void warnOfOtherTokenizer(Path model, Path reference, JobOutput output) {
        Path own = model.resolve("tokenizer.json");
        Path other = reference.resolve("tokenizer.json");
        try {
            if (Files.exists(own) && Files.exists(other) && Files.mismatch(own, other) >= 0) {
                output.warn(other + " differs from " + own + "; the reference is given the model's tokens");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compare " + own + " and " + other, e);
        }
    }

    private static void run(
            Plan plan,
            ModelFolder folder,
            Tokenizer tokenizer,
            SequenceScorer policy,
            PairTask.Reference reference,
            JobOutput output) {
        PairTask task = new PairTask(EvalJob.name(plan.pairs().get(0)), policy, reference);
        CountProgress progress = new CountProgress("pairs", NanoClock.SYSTEM, output::progress);
        LabelledPair.read(plan.pairs(), plan.subsetKey(), folder.pairTokenizer(tokenizer), pair -> {
            task.add(pair);
            progress.add(1);
        });
        List<TaskResult> results = task.results();
        List<TaskResults.Group> sections = plan.sections().of(task, results);
        List<String> missing = plan.sections().missing(task, results);
        if (!missing.isEmpty()) {
            output.warn("--sections: no pair of the subsets " + missing);
        }
        PairsTables.lines(results, sections).forEach(output::line);
        new TaskResults(plan.model(), results, sections, config(plan))
                .write(plan.files().results());
        output.line("results in " + plan.files().results());
    }

    private static Map<String, String> config(Plan plan) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("pairs", String.valueOf(plan.pairs()));
        if (plan.reference() instanceof Reference.Folder reference) {
            config.put("reference", reference.path().toString());
            config.put("reward", reference.reward().toString());
            config.put("kl", "per token, estimators k1 and k3 on the given responses");
        }
        return config;
    }
}

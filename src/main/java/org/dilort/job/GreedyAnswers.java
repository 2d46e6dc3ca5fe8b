package org.dilort.job;

import java.nio.file.Path;
import java.util.List;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.config.GenerateConfig;
import org.dilort.eval.AnswerCheck;
import org.dilort.eval.Question;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.export.TextListener;

/** The held-out prompts, answered greedily: the share of answers that a pattern finds right. The first ones are kept. */
final class GreedyAnswers {
    private static final int PROMPTS_AT_ONCE = 32;

    private final RunContext run;
    private final GenerateConfig settings;
    private final List<Question> questions;
    private final SampleLog samples;

    /** @param begun the step after which the run begins or goes on */
    GreedyAnswers(RunContext run, long begun) {
        this.run = run;
        this.samples = SampleLog.goingOnFrom(begun, run.folder().samples());
        this.settings = run.config().eval().generate();
        this.questions = Question.read(
                run.config().data().evalPaths(),
                TemplateChoice.of(run.config()),
                settings.examples().orElse(Integer.MAX_VALUE));
    }

    /** By the model that training starts from. */
    double atStart() {
        return run.atStart(stored -> at(0, stored));
    }

    /** By the model that the run hands over, or that its last checkpoint makes. */
    double atEnd(long step, Path state) {
        if (run.tuning().deliversWhole()) {
            Path export = run.folder().export();
            try (Generator generator = Generator.open(export, run.settings().session())) {
                return share(step, generator);
            }
        }
        try (CheckpointReader trained = CheckpointReader.open(state)) {
            return at(step, run.tuning().at(trained));
        }
    }

    /** By the model as it is after {@code step}. */
    double at(long step, Tuning.Stored stored) {
        Path folder = run.start().folder();
        try (Generator generator = Generator.of(
                folder, stored.model(), stored.weights(), run.settings().session())) {
            return share(step, generator);
        }
    }

    private double share(long step, Generator generator) {
        GenerationSettings greedy = GenerationSettings.greedy(settings.maxNewTokens());
        AnswerCheck.Report report = new AnswerCheck(settings.pattern(), PROMPTS_AT_ONCE)
                .run(
                        questions,
                        prompts -> generator.generate(prompts, greedy, TextListener.NONE).stream()
                                .map(Generation::text)
                                .toList());
        samples.add(step, report);
        return report.share();
    }
}

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

/** The held-out prompts, answered greedily: the share of answers that a pattern finds right. */
final class GreedyAnswers {
    private static final int PROMPTS_AT_ONCE = 32;

    private final RunContext run;
    private final GenerateConfig settings;
    private final List<Question> questions;

    GreedyAnswers(RunContext run) {
        this.run = run;
        this.settings = run.config().eval().generate();
        this.questions = Question.read(
                run.config().data().eval(),
                TemplateChoice.of(run.config()),
                settings.examples().orElse(Integer.MAX_VALUE));
    }

    /** By the model that training starts from. */
    double atStart() {
        return run.atStart(this::share);
    }

    /** By the model that the run hands over, or that its last checkpoint makes. */
    double atEnd(Path state) {
        if (run.tuning().deliversWhole()) {
            Path export = run.folder().export();
            try (Generator generator = Generator.open(export, run.settings().session())) {
                return share(generator);
            }
        }
        try (CheckpointReader trained = CheckpointReader.open(state)) {
            return share(run.tuning().at(trained));
        }
    }

    private double share(Tuning.Stored stored) {
        Path folder = run.start().folder();
        try (Generator generator = Generator.of(
                folder, stored.model(), stored.weights(), run.settings().session())) {
            return share(generator);
        }
    }

    private double share(Generator generator) {
        GenerationSettings greedy = GenerationSettings.greedy(settings.maxNewTokens());
        return new AnswerCheck(settings.pattern(), PROMPTS_AT_ONCE)
                .run(
                        questions,
                        prompts -> generator.generate(prompts, greedy, TextListener.NONE).stream()
                                .map(Generation::text)
                                .toList())
                .share();
    }
}

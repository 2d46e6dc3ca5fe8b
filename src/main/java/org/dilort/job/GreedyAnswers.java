package org.dilort.job;

import java.nio.file.Path;
import java.util.List;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.InitialWeights;
import org.dilort.config.GenerateConfig;
import org.dilort.eval.AnswerCheck;
import org.dilort.eval.Question;
import org.dilort.export.Generation;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Generator;
import org.dilort.weights.WeightSource;

/** The held-out prompts, answered greedily: the share of answers that a pattern finds right. */
final class GreedyAnswers {
    private static final int PROMPTS_AT_ONCE = 32;

    private final RunContext run;
    private final GenerateConfig settings;
    private final List<Question> questions;

    GreedyAnswers(RunContext run) {
        this.run = run;
        this.settings = run.config().eval().generate();
        this.questions =
                Question.read(
                run.config().data().eval(),
                TemplateChoice.of(run.config()),
                settings.examples().orElse(Integer.MAX_VALUE));
    }

    /** By the model that training starts from. */
    double atStart() {
        if (run.start().weights() instanceof InitialWeights.Pretrained pretrained) {
            return share(pretrained.source());
        }
        try (CheckpointReader begun = CheckpointReader.open(run.artifacts().checkpoint())) {
            return share(begun);
        }
    }

    private double share(WeightSource weights) {
        StartingModel start = run.start();
        try (Generator generator = Generator.of(
                start.folder(), start.model(), weights, run.settings().session())) {
            return share(generator);
        }
    }

    /** By the model of an export folder. */
    double byExport(Path folder) {
        try (Generator generator = Generator.open(folder, run.settings().session())) {
            return share(generator);
        }
    }

    private double share(Generator generator) {
        GenerationSettings greedy = GenerationSettings.greedy(settings.maxNewTokens());
        return new AnswerCheck(settings.pattern(), PROMPTS_AT_ONCE)
                .run(
                        questions,
                        prompts -> generator.generate(prompts, greedy, (row, text) -> {}).stream()
                                .map(Generation::text)
                                .toList())
                .share();
    }
}

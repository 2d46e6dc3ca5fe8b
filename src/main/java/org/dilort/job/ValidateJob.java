package org.dilort.job;

import org.dilort.artifacts.InitialWeights;
import org.dilort.config.Config;
import org.dilort.config.ReferenceModel;
import org.dilort.eval.Question;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.RunLength;
import org.dilort.train.RunFolder;
import org.dilort.weights.SafetensorsFolder;

/** {@code dil-ort validate --data}: everything that a run would trip over before its first step, without writing anything. */
public final class ValidateJob {
    private static final int LISTED_FINDINGS = 20;

    private ValidateJob() {}

    /**
     * Reads the models' headers and all the data, tells what is wrong with it, and then what the run would take.
     *
     * @throws org.dilort.error.UserException for what no run would begin with
     */
    public static DataJob.Verdict run(Config config, JobOutput output) {
        ConfigCheck.run(config);
        RunFolder.requireFree(config.output(), TrainJob.existing(config));
        requireReference(config);
        requireQuestions(config);
        DataJob.Verdict verdict = DataJob.validate(config, LISTED_FINDINGS, output);
        if (verdict == DataJob.Verdict.USABLE) {
            PlanJob.run(config).lines().forEach(output::line);
        }
        return verdict;
    }

    private static void requireReference(Config config) {
        boolean needed = Objectives.of(config).needsReference();
        if (needed && config.reference().path() instanceof ReferenceModel.Folder folder) {
            RunLength length = new RunLength(config.data().maxLength());
            CausalLm model = Architectures.of(ConfigJson.read(folder.path()), length);
            try (SafetensorsFolder weights = SafetensorsFolder.open(folder.path())) {
                InitialWeights.check(model, weights);
            }
        }
    }

    private static void requireQuestions(Config config) {
        if (config.eval().generate().enabled()) {
            Question.read(config.data().evalPaths(), TemplateChoice.of(config), Integer.MAX_VALUE);
        }
    }
}

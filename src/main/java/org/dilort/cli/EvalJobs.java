package org.dilort.cli;

import org.dilort.job.EvalJob;
import org.dilort.job.EvalMatchJob;
import org.dilort.job.EvalPairsJob;
import org.dilort.job.EvalPerplexityJob;
import org.dilort.job.EvalVersusJob;

/** The work of the forms of {@code dil-ort eval}. */
final class EvalJobs {
    private EvalJobs() {}

    static int choice(EvalJob.Plan plan, Console console) {
        EvalJob.run(plan, Jobs.allCores(), Jobs.output(console));
        return ExitCode.DONE;
    }

    static int pairs(EvalPairsJob.Plan plan, Console console) {
        EvalPairsJob.run(plan, Jobs.allCores(), Jobs.output(console));
        return ExitCode.DONE;
    }

    static int perplexity(EvalPerplexityJob.Plan plan, Console console) {
        EvalPerplexityJob.run(plan, Jobs.allCores(), Jobs.output(console));
        return ExitCode.DONE;
    }

    static int match(EvalMatchJob.Plan plan, Console console) {
        EvalMatchJob.run(plan, Jobs.allCores(), Jobs.output(console));
        return ExitCode.DONE;
    }

    static int versus(EvalVersusJob.Plan plan, Console console) {
        EvalVersusJob.run(plan, Jobs.allCores(), Jobs.output(console));
        return ExitCode.DONE;
    }
}

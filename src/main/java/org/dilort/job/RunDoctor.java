package org.dilort.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.config.ReferenceModel;
import org.dilort.data.TokenizedPair;
import org.dilort.doctor.Checkup;
import org.dilort.doctor.Doctor;
import org.dilort.doctor.IdenticalPairs;
import org.dilort.doctor.Remark;
import org.dilort.doctor.RemarksLog;
import org.dilort.doctor.Rule;
import org.dilort.doctor.Severity;
import org.dilort.train.ProgressLine;
import org.dilort.train.Schedule;
import org.dilort.train.StepSource;

/** The doctor of a run: its rules, its file, and its place on the console. */
final class RunDoctor {
    private final RunContext run;
    private final List<TokenizedPair> pairs;

    RunDoctor(RunContext run, List<TokenizedPair> pairs) {
        this.run = run;
        this.pairs = pairs;
    }

    /** For a run that begins. */
    Doctor atBeginning(StepSource steps, Schedule schedule, ProgressLine progress) {
        Checkup checkup = checkup(schedule);
        List<Rule> rules = new ArrayList<>(checkup.whileRunning());
        rules.addAll(checkup.atBeginning(run.artifacts().checkpoint(), steps.step(1)));
        Path file = run.folder().remarks();
        return doctor(RemarksLog.create(file), progress, rules);
    }

    /** For a run that goes on after {@code step}. */
    Doctor after(long step, Schedule schedule, ProgressLine progress) {
        RemarksLog log = RemarksLog.resume(run.folder().remarks(), step, run.output()::warn);
        return doctor(log, progress, checkup(schedule).whileRunning());
    }

    private Doctor doctor(RemarksLog log, ProgressLine progress, List<Rule> rules) {
        Doctor doctor = new Doctor(log, remark -> tell(remark, progress), rules);
        IdenticalPairs.in(pairs).ifPresent(doctor::keep);
        return doctor;
    }

    private void tell(Remark remark, ProgressLine progress) {
        progress.endDrawnLine();
        if (remark.severity() == Severity.WARNING) {
            run.output().warn(remark.line());
        } else {
            run.output().line("note: " + remark.line());
        }
    }

    private Checkup checkup(Schedule schedule) {
        RunSettings settings = run.settings();
        return new Checkup(
                run.tuning().model(),
                settings.products(),
                settings.objective(),
                settings.optimizer(),
                schedule,
                pairs,
                run.config().train().batchPairs(),
                ownReference());
    }

    private Checkup.OwnReference ownReference() {
        boolean own = run.settings().objective().needsReference()
                && run.config().reference().path() instanceof ReferenceModel.InitialPolicy;
        return own ? Checkup.OwnReference.YES : Checkup.OwnReference.NO;
    }
}

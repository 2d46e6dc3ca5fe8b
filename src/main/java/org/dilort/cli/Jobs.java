package org.dilort.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dilort.config.Config;
import org.dilort.config.Sweep;
import org.dilort.job.ArtifactsJob;
import org.dilort.job.BenchJob;
import org.dilort.job.DataJob;
import org.dilort.job.DoctorJob;
import org.dilort.job.ExportJob;
import org.dilort.job.GenerateJob;
import org.dilort.job.JobOutput;
import org.dilort.job.ReferenceJob;
import org.dilort.job.ScoreJob;
import org.dilort.job.SweepJob;
import org.dilort.job.TrainJob;
import org.dilort.job.ValidateJob;
import org.dilort.net.HostPort;
import org.dilort.report.WatchServer;
import org.dilort.runtime.SessionSettings;
import org.dilort.serve.ModelServer;
import org.dilort.train.NanoClock;
import org.dilort.train.Outcome;
import org.dilort.train.ProgressLine;
import org.dilort.train.StopSignal;

/** The commands' work, as processes see it: signals in, exit codes out. */
final class Jobs {
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    private Jobs() {}

    static int train(Config config, Console console) {
        Outcome outcome = TrainJob.run(config, output(console), stopSignal());
        return outcome instanceof Outcome.Interrupted interrupted ? exitCode(interrupted.cause()) : ExitCode.DONE;
    }

    static int sweep(Sweep sweep, Console console) {
        SweepJob.Ending ending = SweepJob.run(sweep, output(console), stopSignal(), NanoClock.SYSTEM);
        if (ending instanceof SweepJob.Ending.Interrupted interrupted) {
            return exitCode(interrupted.cause());
        }
        return ending.equals(new SweepJob.Ending.Done(0)) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static StopSignal stopSignal() {
        StopSignal stop = new StopSignal();
        Signals.on("INT", () -> stop.request(StopSignal.Cause.SIGINT) && stop.heeded());
        Signals.on("TERM", () -> stop.request(StopSignal.Cause.SIGTERM) && stop.heeded());
        return stop;
    }

    private static int exitCode(StopSignal.Cause cause) {
        return switch (cause) {
            case SIGINT -> 130;
            case SIGTERM -> 143;
        };
    }

    static int artifacts(Config config, Path folder, ArtifactsJob.Layout layout, Console console) {
        ArtifactsJob.run(config, folder, layout, output(console));
        return ExitCode.DONE;
    }

    static int score(ScoreCommand.Request request, Console console) {
        ScoreJob.run(request.model(), request.data(), request.out(), allCores(), output(console));
        return ExitCode.DONE;
    }

    static int generate(GenerateCommand.Request request, Console console) {
        String prompt =
                GenerateJob.prompt(request.model(), request.prompt(), request.form(), Clock.systemDefaultZone());
        GenerateJob.run(request.model(), prompt, request.maxNewTokens(), allCores(), console.out());
        return ExitCode.DONE;
    }

    /** Ends in good order on SIGINT and SIGTERM; a second one ends it at once. */
    static int serve(ServeCommand.Request request, Console console) throws InterruptedException {
        CountDownLatch end = askedToEnd();
        try (LoadedModels loaded = LoadedModels.of(request.models());
                ModelServer server = ModelServer.start(loaded.models(), request.settings(), Clock.systemUTC())) {
            for (ServeCommand.NamedModel model : request.models()) {
                console.out()
                        .println("serving " + model.path() + " at " + url(server.address()) + " as " + model.name());
            }
            end.await();
        }
        console.out().println("stopped");
        return ExitCode.DONE;
    }

    /** Ends as {@link #serve} does. */
    static int watch(Path folder, InetSocketAddress at, Console console) throws InterruptedException {
        CountDownLatch end = askedToEnd();
        try (WatchServer server = WatchServer.start(folder, at, WATCH_INTERVAL)) {
            console.out().println("watching " + folder + " at " + url(server.address()));
            end.await();
        }
        console.out().println("stopped");
        return ExitCode.DONE;
    }

    private static CountDownLatch askedToEnd() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean asked = new AtomicBoolean();
        for (String signal : List.of("INT", "TERM")) {
            Signals.on(signal, () -> {
                end.countDown();
                return !asked.getAndSet(true);
            });
        }
        return end;
    }

    private static String url(InetSocketAddress address) {
        return "http://" + HostPort.text(address);
    }

    static int export(ExportCommand.Request request, Console console) {
        if (request instanceof ExportCommand.Request.Add add) {
            ExportJob.add(add.folder(), add.variants(), add.measured(), allCores(), output(console));
        }
        ExportJob.Verdict verdict = ExportJob.check(request.folder(), allCores(), output(console));
        return verdict == ExportJob.Verdict.SOUND ? ExitCode.DONE : ExitCode.FAILED;
    }

    static int data(DataCommand.Request request, Console console) {
        DataJob.Verdict verdict = switch (request.action()) {
            case INSPECT -> DataJob.inspect(request.config(), request.count(), output(console));
            case VALIDATE -> DataJob.validate(request.config(), request.count(), output(console));
            case PREPARE -> DataJob.prepare(request.config(), output(console));
        };
        boolean refused = request.action() == DataCommand.Action.VALIDATE && verdict == DataJob.Verdict.GRAVE;
        return refused ? ExitCode.WRONG_INPUT : ExitCode.DONE;
    }

    static int validate(Config config, Console console) {
        DataJob.Verdict verdict = ValidateJob.run(config, output(console));
        return verdict == DataJob.Verdict.GRAVE ? ExitCode.WRONG_INPUT : ExitCode.DONE;
    }

    static int reference(ReferenceCommand.Request request, Console console) {
        JobOutput output = output(console);
        if (request instanceof ReferenceCommand.Request.Compute compute) {
            ReferenceJob.compute(compute.config(), compute.part(), output);
        } else if (request instanceof ReferenceCommand.Request.Inspect inspect) {
            ReferenceJob.inspect(inspect.files(), output);
        } else if (request instanceof ReferenceCommand.Request.Merge merge) {
            ReferenceJob.merge(merge.files(), merge.folder(), output);
        }
        return ExitCode.DONE;
    }

    static int bench(Config config, BenchJob.Plan plan, Console console) {
        console.out().println(BenchJob.run(config, plan).toJson());
        return ExitCode.DONE;
    }

    static int doctor(DoctorCommand.Request request, Console console) {
        DoctorJob.report(Version.text(), output(console));
        boolean unsound = request == DoctorCommand.Request.CHECK_CUDA
                && DoctorJob.checkCuda(output(console)) == DoctorJob.Verdict.UNSOUND;
        return unsound ? ExitCode.FAILED : ExitCode.DONE;
    }

    static SessionSettings allCores() {
        return new SessionSettings(Runtime.getRuntime().availableProcessors());
    }

    static JobOutput output(Console console) {
        ProgressLine.Style style = console.interactive() ? ProgressLine.Style.TERMINAL : ProgressLine.Style.PLAIN;
        return new JobOutput(console.out(), console.err(), style);
    }
}

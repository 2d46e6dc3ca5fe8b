package org.dilort.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dilort.files.TemporaryFolders;
import org.dilort.job.PlanJob;

/** Starts {@code dil-ort}. */
public final class Main {
    /** Libraries that tell of every step: the tokenizer's at every start, Parquet's at every block. */
    private static final List<Logger> TALKATIVE = List.of(Logger.getLogger("ai.djl"), Logger.getLogger("org.apache"));

    private Main() {}

    public static void main(String[] arguments) {
        try {
            start(arguments);
        } catch (OutOfMemoryError e) {
            endWithoutMemory();
        } catch (LinkageError e) {
            if (!String.valueOf(e.getCause()).contains("OutOfMemoryError")) {
                throw e;
            }
            endWithoutMemory();
        }
    }

    /** Where memory is so short that classes of the JDK itself cannot be made ready, which the handler of errors needs too. */
    private static void endWithoutMemory() {
        System.err.println("dil-ort: out of memory before it began; the heap's limit is too low, -Xmx raises it");
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }

    private static void start(String[] arguments) {
        TALKATIVE.forEach(log -> log.setLevel(Level.SEVERE));
        StandardOutput standardOutput = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(standardOutput, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        for (String signal : List.of("INT", "TERM")) {
            Signals.endOn(signal, () -> takeLeave(signal, err));
        }
        int exitCode = run(List.of(arguments), new Console(out, err, System.console() != null));
        out.flush();
        if (!standardOutput.failure().isEmpty()) {
            err.println("dil-ort: cannot write to standard output: " + standardOutput.failure());
            exitCode = Math.max(exitCode, ExitCode.FAILED);
        }
        Signals.exit(exitCode);
    }

    /** For commands that listen to no signal of their own. What they write comes into its place at the end alone. */
    private static void takeLeave(String signal, PrintStream err) {
        err.println("dil-ort: ended by SIG" + signal);
        err.close(); // the work goes on until the end, and would complain about the folders that it misses
        TemporaryFolders.removeOwn();
    }

    static int run(List<String> arguments, Console console) {
        CrashReport crashReport = new CrashReport(Path.of(System.getProperty("java.io.tmpdir")));
        return new Application(commands(), console, crashReport).run(arguments);
    }

    /** Every command, in the order of the help. */
    private static List<Command> commands() {
        return List.of(
                new TrainCommand(Jobs::train),
                new SweepCommand(Jobs::sweep),
                new ScoreCommand(Jobs::score),
                new EvalCommand(EvalJobs::choice),
                new EvalPairsCommand(EvalJobs::pairs),
                new EvalPerplexityCommand(EvalJobs::perplexity),
                new EvalMatchCommand(EvalJobs::match),
                new EvalVersusCommand(EvalJobs::versus, System.getenv()),
                new GenerateCommand(Jobs::generate),
                new ServeCommand(Jobs::serve),
                new ReportCommand(),
                new WatchCommand(Jobs::watch),
                new ExportCommand(Jobs::export),
                new ArtifactsCommand(Jobs::artifacts),
                new DataCommand(Jobs::data),
                new BenchCommand(Jobs::bench),
                new PlanCommand(PlanJob::run),
                new ReferenceCommand(Jobs::reference),
                new DoctorCommand(Jobs::doctor),
                new HeadsCommand(),
                new ValidateCommand(Jobs::validate),
                new ConfigCommand());
    }
}

package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;

/** Hands model, data and output file to the job that scores pairs. */
record ScoreCommand(Job job) implements Command {
    static final CommandOption MODEL = CommandOption.required(
            "model", "DIR", "a Hugging Face folder, an export folder, or a model file in one (onnx/model_q4.onnx)");
    private static final CommandOption DATA =
            CommandOption.required("data", "FILE", "preference pairs, a JSON line each");
    private static final CommandOption OUT = CommandOption.required(
            "out", "FILE", "a JSON line per pair: index, logps/chosen, logps/rejected, tokens/chosen, tokens/rejected");

    /** What to score, and where the result goes. */
    record Request(Path model, Path data, Path out) {}

    /** Scores every pair; returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "score";
    }

    @Override
    public String summary() {
        return "compute the log-probabilities of every pair";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(MODEL, DATA, OUT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        Request request =
                new Request(arguments.path(MODEL.name()), arguments.path(DATA.name()), arguments.path(OUT.name()));
        return job.run(request, console);
    }
}

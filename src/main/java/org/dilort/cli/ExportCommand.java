package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;

/** Hands an export folder to the job that checks it. */
record ExportCommand(Job job) implements Command {
    private static final CommandOption CHECK = CommandOption.required(
            "check", "DIR", "the export to read as onnxruntime-genai, transformers.js and Optimum would");

    /** Checks the folder; returns the exit code. */
    interface Job {
        int run(Path folder, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String summary() {
        return "check an export folder: files, graph, configuration, decoding, tokenizer";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CHECK);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        return job.run(arguments.path(CHECK.name()), console);
    }
}

package org.dilort.cli;

import java.nio.file.Path;
import java.util.List;
import org.dilort.config.Config;
import org.dilort.job.ArtifactsJob;

/** Reads the configuration of a run and hands it to the job that only writes the training artifacts. */
record ArtifactsCommand(Job job) implements Command {
    private static final CommandOption OUT = CommandOption.required("out", "DIR", "the folder of the artifacts");
    private static final CommandOption STOCK =
            CommandOption.flag("stock", "ONNX Runtime's standard layout with its own optimizer, for other clients");

    private static final CommandOption ONNX = CommandOption.optional(
            "onnx", "FILE", "", "an exported decoder to make trainable, in place of the configuration's model.path");

    /** Writes the artifacts into {@code out}; returns the exit code. */
    interface Job {
        int run(Config config, Path out, ArtifactsJob.Layout layout, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "artifacts";
    }

    @Override
    public String summary() {
        return "write the training graphs and the first checkpoint, without training";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(ConfigOptions.CONFIG, ConfigOptions.SET, ONNX, OUT, STOCK);
    }

    private static Config config(Arguments arguments) {
        return arguments.has(ONNX.name())
                ? ConfigOptions.load(arguments, List.of("model.path=" + arguments.path(ONNX.name())))
                : ConfigOptions.load(arguments);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        ArtifactsJob.Layout layout = arguments.has(STOCK.name()) ? ArtifactsJob.Layout.STOCK : ArtifactsJob.Layout.OWN;
        return job.run(config(arguments), arguments.path(OUT.name()), layout, console);
    }
}

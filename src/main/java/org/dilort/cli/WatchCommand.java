package org.dilort.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** {@code dil-ort watch}: the page of a run while it goes on. */
record WatchCommand(Job job) implements Command {
    private static final CommandOption HOST = ListenOptions.host();
    private static final CommandOption PORT = ListenOptions.port("8090");

    /** Serves the page until it is told to end; returns the exit code. */
    interface Job {
        int run(Path folder, InetSocketAddress address, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public String summary() {
        return "serve the page of a run that is going on, drawn anew as it grows";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(HOST, PORT);
    }

    @Override
    public String operand() {
        return "DIR";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> operands = arguments.operands();
        if (operands.size() != 1) {
            throw new UsageException(
                    "watch: got " + operands.size() + " folders, expected the output folder of one run");
        }
        return job.run(ReportCommand.folder(operands.get(0)), ListenOptions.address(arguments), console);
    }
}

package org.dilort.cli;

import java.util.List;

/** Says what this machine is, and checks its GPU. */
record DoctorCommand(Job job) implements Command {
    private static final CommandOption CHECK =
            CommandOption.flag("check-cuda", "hold a training step of every head on the GPU against the CPU");

    /** What is asked for. */
    enum Request {
        REPORT,
        CHECK_CUDA
    }

    /** Reports; returns the exit code. */
    interface Job {
        int run(Request request, Console console) throws Exception;
    }

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "say what this machine, its libraries and its GPU are";
    }

    @Override
    public List<CommandOption> options() {
        return List.of(CHECK);
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        return job.run(arguments.has(CHECK.name()) ? Request.CHECK_CUDA : Request.REPORT, console);
    }
}

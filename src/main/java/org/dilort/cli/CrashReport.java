package org.dilort.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Says in one line that the program failed, and keeps the stack trace where it can be found.
 *
 * @param folder of the reports
 */
record CrashReport(Path folder) {

    /** Prints the line; with {@code debug} the trace follows it, else it is written to a file that the line names. */
    void print(Throwable failure, List<String> arguments, boolean debug, Console console) {
        String line = "dil-ort: " + problem(failure);
        if (debug) {
            console.err().println(line);
            console.err().print(trace(failure));
            return;
        }
        try {
            Path file = Files.createTempFile(folder, "dil-ort-", ".log");
            Files.writeString(file, details(arguments) + trace(failure));
            console.err().println(line + " (stack trace in " + file + ")");
        } catch (IOException e) {
            console.err().println(line + " (stack trace with --debug)");
        }
    }

    private static String problem(Throwable failure) {
        String message = failure.getMessage() == null ? "" : ": " + Lines.one(failure.getMessage());
        if (failure instanceof OutOfMemoryError) {
            return "out of memory" + message + "; " + remedy(message);
        }
        if (failure.getCause() instanceof OutOfMemoryError memory) {
            return problem(memory);
        }
        return "internal error: " + failure.getClass().getSimpleName() + message;
    }

    /** A thread and a mapped file are outside the heap, and -Xmx leaves less for them. */
    private static String remedy(String message) {
        if (message.contains("native thread") || message.contains("Map failed")) {
            return "the machine has no more, or a limit of this process (ulimit -a) is too small";
        }
        long limit = Runtime.getRuntime().maxMemory() >> 20;
        return "the heap's limit is " + limit + " MiB, -Xmx raises it";
    }

    private static String details(List<String> arguments) {
        return """
                dil-ort %s
                arguments: %s
                Java %s, %s %s

                """.formatted(
                        Version.text(),
                        arguments,
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"));
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}

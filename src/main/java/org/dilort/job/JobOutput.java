package org.dilort.job;

import java.io.PrintStream;
import org.dilort.train.ProgressLine;

/**
 * Where a job tells how it goes.
 *
 * @param out progress and results
 * @param err warnings
 */
public record JobOutput(PrintStream out, PrintStream err, ProgressLine.Style style) {

    void line(String text) {
        out.println(text);
    }

    /** How far something is that says nothing else for long. */
    void progress(String text) {
        err.println(text);
    }

    void warn(String text) {
        err.println("warning: " + text);
    }
}

package org.dilort.train;

/** Takes one line for the user about something that was wrong and has been dealt with. */
@FunctionalInterface
public interface Warnings {

    void warn(String line);
}

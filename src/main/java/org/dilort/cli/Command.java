package org.dilort.cli;

import java.util.List;

/** One thing that {@code dil-ort} does. */
interface Command {

    String name();

    /** One line for the list of commands: lower case, no full stop. */
    String summary();

    /** Its own options, in the order of its help; {@code --help} and {@code --debug} are every command's. */
    List<CommandOption> options();

    /** What may follow without a dash, as its help shows it; empty = nothing. */
    default String operand() {
        return "";
    }

    /**
     * Does it.
     *
     * @return the exit code
     * @throws org.dilort.error.UserException for what the user can mend; exit code 2
     * @throws Exception for everything else; exit code 1
     */
    int run(Arguments arguments, Console console) throws Exception;
}

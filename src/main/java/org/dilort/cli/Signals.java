package org.dilort.cli;

import java.util.function.BooleanSupplier;

/**
 * Hears of SIGINT and SIGTERM.
 *
 * <p>A shutdown hook would not do: ONNX Runtime closes its environment in one of its own while a step still runs.
 */
final class Signals {
    /** What a shell adds to a signal's number in the exit code of a process that the signal ended. */
    private static final int SIGNAL_EXIT = 128;

    private Signals() {}

    /**
     * Asks the process to stop in good order.
     *
     * @param signal {@code INT} or {@code TERM}
     * @param stop returns false where nothing will come of it, as when that had been asked before: then the process
     *     ends at once, without shutdown hooks, with the exit code that the signal itself would give
     */
    static void on(String signal, BooleanSupplier stop) {
        sun.misc.Signal.handle(new sun.misc.Signal(signal), received -> {
            if (!stop.getAsBoolean()) {
                Runtime.getRuntime().halt(SIGNAL_EXIT + received.getNumber());
            }
        });
    }

    /** Ends the process by the signal, at once after {@code farewell} and without shutdown hooks. */
    static void endOn(String signal, Runnable farewell) {
        sun.misc.Signal.handle(new sun.misc.Signal(signal), received -> {
            synchronized (Signals.class) {
                farewell.run();
                Runtime.getRuntime().halt(SIGNAL_EXIT + received.getNumber());
            }
        });
    }

    /** Ends the process, unless a signal is about to. */
    static void exit(int exitCode) {
        synchronized (Signals.class) {
            System.exit(exitCode);
        }
    }
}

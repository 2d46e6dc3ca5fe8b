package org.dilort.cli;

import java.util.function.BooleanSupplier;

/**
 * Hears of SIGINT and SIGTERM.
 *
 * <p>A shutdown hook would not do: ONNX Runtime closes its environment in one of its own while a step still runs.
 */
final class Signals {
    private Signals() {}

    /**
     * Asks the process to stop in good order.
     *
     * @param signal {@code INT} or {@code TERM}
     * @param stop returns false where nothing will come of it, as when that had been asked before: then the signal does
     *     what it does by default
     */
    static void on(String signal, BooleanSupplier stop) {
        sun.misc.Signal.handle(new sun.misc.Signal(signal), received -> {
            if (!stop.getAsBoolean()) {
                sun.misc.Signal.handle(received, sun.misc.SignalHandler.SIG_DFL);
                sun.misc.Signal.raise(received);
            }
        });
    }
}

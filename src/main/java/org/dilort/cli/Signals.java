package org.dilort.cli;

import org.dilort.train.StopSignal;

/**
 * Turns SIGINT and SIGTERM into a wish to stop at the next step; a second one ends the process at once.
 *
 * <p>A shutdown hook would not do: ONNX Runtime closes its environment in one of its own while the step still runs.
 */
@SuppressWarnings("sunapi")
final class Signals {
    private Signals() {}

    static void stopOn(StopSignal stop) {
        for (StopSignal.Cause cause : StopSignal.Cause.values()) {
            sun.misc.Signal.handle(new sun.misc.Signal(cause.name().substring("SIG".length())), received -> {
                if (!stop.request(cause)) {
                    sun.misc.Signal.handle(received, sun.misc.SignalHandler.SIG_DFL);
                    sun.misc.Signal.raise(received);
                }
            });
        }
    }
}

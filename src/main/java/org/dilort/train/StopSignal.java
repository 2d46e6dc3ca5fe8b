package org.dilort.train;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A wish that the run end after the step it is in; any thread may make it, the first one stands. */
public final class StopSignal {

    /** Who wants the run to end. */
    public enum Cause {
        SIGINT,
        SIGTERM
    }

    private final AtomicReference<Cause> requested = new AtomicReference<>();
    private volatile boolean heeded;

    /** Returns false when the run was asked to end before. */
    public boolean request(Cause cause) {
        return requested.compareAndSet(null, cause);
    }

    /** Whether a loop runs that will look at a wish; without one, nothing comes of it. */
    public boolean heeded() {
        return heeded;
    }

    void loopBegins() {
        heeded = true;
    }

    void loopEnded() {
        heeded = false;
    }

    public Optional<Cause> requested() {
        return Optional.ofNullable(requested.get());
    }
}

package org.dilort.train;

/** A clock for durations that only goes forward, whatever happens to the time of day. */
@FunctionalInterface
public interface NanoClock {

    NanoClock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary moment. */
    long nanos();

    default double secondsSince(long began) {
        return (nanos() - began) / 1e9;
    }
}

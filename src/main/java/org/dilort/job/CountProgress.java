package org.dilort.job;

import java.util.Locale;
import java.util.function.Consumer;
import org.dilort.train.NanoClock;

/** Tells now and then how many of something that has no known end were done. */
final class CountProgress {
    private static final double SECONDS = 10;

    private final String what;
    private final NanoClock clock;
    private final Consumer<String> lines;
    private final long began;
    private long told;
    private long done;

    /** @param what is counted, such as {@code pairs} */
    CountProgress(String what, NanoClock clock, Consumer<String> lines) {
        this.what = what;
        this.clock = clock;
        this.lines = lines;
        this.began = clock.nanos();
        this.told = began;
    }

    void add(long count) {
        done += count;
        if (clock.secondsSince(told) < SECONDS) {
            return;
        }
        told = clock.nanos();
        lines.accept(String.format(Locale.ROOT, "%,d %s, %.1f a second", done, what, done / clock.secondsSince(began)));
    }
}

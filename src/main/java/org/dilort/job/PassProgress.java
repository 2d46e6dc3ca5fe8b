package org.dilort.job;

import java.util.Locale;
import java.util.function.Consumer;
import org.dilort.train.NanoClock;

/** Tells now and then how far a pass over a data set is. */
final class PassProgress {
    private static final double SECONDS = 10;

    private final String what;
    private final int total;
    private final NanoClock clock;
    private final Consumer<String> lines;
    private final long began;
    private long told;
    private int done;

    /** @param total pairs of the pass */
    PassProgress(String what, int total, NanoClock clock, Consumer<String> lines) {
        this.what = what;
        this.total = total;
        this.clock = clock;
        this.lines = lines;
        this.began = clock.nanos();
        this.told = began;
    }

    void add(int pairs) {
        done += pairs;
        if (done == total || clock.secondsSince(told) < SECONDS) {
            return;
        }
        told = clock.nanos();
        double perSecond = done / clock.secondsSince(began);
        long left = Math.round((total - done) / perSecond);
        lines.accept(String.format(
                Locale.ROOT,
                "%s: %,d of %,d pairs, %.1f a second, %d:%02d:%02d left",
                what,
                done,
                total,
                perSecond,
                left / 3600,
                left / 60 % 60,
                left % 60));
    }
}

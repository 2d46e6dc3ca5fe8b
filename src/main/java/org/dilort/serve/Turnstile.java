package org.dilort.serve;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a number of answers be made at one time, and a number of requests wait for their turn, first come, first served. */
final class Turnstile {
    private final Semaphore places;
    private final int concurrent;
    private final int mostWaiting;
    private final AtomicInteger waiting = new AtomicInteger();

    Turnstile(int concurrent, int mostWaiting) {
        this.places = new Semaphore(concurrent, true);
        this.concurrent = concurrent;
        this.mostWaiting = mostWaiting;
    }

    /**
     * Takes a place, which {@link #leave} gives back.
     *
     * @throws RequestException where too many wait already
     */
    void enter() throws InterruptedException {
        if (!places.tryAcquire()) {
            await();
        }
    }

    void leave() {
        places.release();
    }

    private void await() throws InterruptedException {
        try {
            if (waiting.incrementAndGet() > mostWaiting) {
                throw new RequestException(
                        503,
                        "overloaded",
                        "busy: " + concurrent + " answers are made and " + mostWaiting + " requests wait");
            }
            places.acquire();
        } finally {
            waiting.decrementAndGet();
        }
    }

    int running() {
        return concurrent - places.availablePermits();
    }

    int waiting() {
        return waiting.get();
    }
}

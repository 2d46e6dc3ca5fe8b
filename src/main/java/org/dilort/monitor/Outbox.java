package org.dilort.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.dilort.train.Warnings;

/**
 * Sends things in batches from a thread of its own, so that whoever adds one never waits. What cannot be sent is kept and tried
 * again, at longer and longer intervals; where no more can be kept, the newest is dropped. What is refused for good is dropped too.
 */
final class Outbox<T> implements AutoCloseable {
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final BlockingQueue<T> waiting;
    private final int most;
    private final Sending<T> sending;
    private final Warnings warnings;
    private final Duration patience;
    private final Thread thread = new Thread(this::run, "outbox");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongAdder dropped = new LongAdder();
    private volatile long left;
    private boolean warned;

    /** Brings a batch to where it belongs. */
    interface Sending<T> {
        /** @throws MlflowServer.Refusal where it did not arrive */
        void send(List<T> batch) throws MlflowServer.Refusal, InterruptedException;
    }

    /**
     * Sends from now on.
     *
     * @param kept things that wait at most
     * @param most of a batch
     * @param patience for what is left at the end
     */
    Outbox(int kept, int most, Duration patience, Sending<T> sending, Warnings warnings) {
        this.waiting = new ArrayBlockingQueue<>(kept);
        this.most = most;
        this.patience = patience;
        this.sending = sending;
        this.warnings = warnings;
        thread.setDaemon(true);
        thread.start();
    }

    void add(T thing) {
        if (!waiting.offer(thing)) {
            dropped.increment();
        }
    }

    private void run() {
        List<T> batch = new ArrayList<>();
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                boolean last = closing.getCount() == 0;
                waiting.drainTo(batch, most - batch.size());
                left = batch.size();
                boolean sent = batch.isEmpty() || send(batch);
                if (sent) {
                    batch.clear();
                    left = 0;
                }
                if (last && (!sent || waiting.isEmpty())) {
                    return;
                }
                pause = sent ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
                closing.await(sent && waiting.size() >= most ? 0 : pause, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the batch is done with: it arrived, or never will. */
    private boolean send(List<T> batch) throws InterruptedException {
        try {
            sending.send(batch);
            return true;
        } catch (MlflowServer.Refusal e) {
            boolean later = e.mayPass();
            if (!later) {
                dropped.add(batch.size());
            }
            if (!warned) {
                String then = later ? "what it measures is kept to be sent later" : "these values are left out";
                warnings.warn(e.getMessage() + "; the run goes on, " + then);
                warned = true;
            }
            return !later;
        }
    }

    /** Sends what is left, once, for as long as the patience lasts, and warns of what did not arrive. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        long lost = dropped.sum() + left + waiting.size();
        if (lost > 0) {
            warnings.warn("log.mlflow: " + lost + " values may not have arrived; metrics.jsonl has them");
        }
    }
}

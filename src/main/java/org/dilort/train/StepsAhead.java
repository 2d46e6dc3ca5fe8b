package org.dilort.train;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the next step on a thread of its own while this one is trained. One step is ahead, so memory grows by one step's
 * micro-batches; the source is asked by that thread alone, in order.
 */
public final class StepsAhead implements StepSource, AutoCloseable {
    private final StepSource source;
    private final ExecutorService thread;
    private final Map<Long, Future<Step>> ahead = new HashMap<>();

    public StepsAhead(StepSource source) {
        this.source = source;
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread daemon = new Thread(work, "steps-ahead");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    @Override
    public long steps() {
        return source.steps();
    }

    @Override
    public Step step(long number) {
        Future<Step> wanted = ahead.computeIfAbsent(number, this::submit);
        ahead.clear();
        if (number < source.steps()) {
            ahead.put(number + 1, submit(number + 1));
        }
        return result(wanted);
    }

    private Future<Step> submit(long number) {
        return thread.submit(() -> source.step(number));
    }

    private static Step result(Future<Step> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailedException("interrupted while a step was prepared", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

package org.dilort.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dilort.error.DataException;

/**
 * Tokenises examples on several threads and hands them over in the order in which they came. A bounded number is under
 * way: whoever adds one waits for the oldest.
 */
final class TokenizerThreads implements AutoCloseable {
    private static final int EXAMPLES_AT_ONCE = 64;
    private static final int BATCHES_PER_THREAD = 4;

    private final PairTokenizer tokenizer;
    private final Refusals refusals;
    private final ExecutorService threads;
    private final int mostUnderWay;
    private final Deque<Future<List<Done>>> underWay = new ArrayDeque<>();
    private List<Job> waiting = new ArrayList<>();

    TokenizerThreads(PairTokenizer tokenizer, int count, Refusals refusals) {
        this.tokenizer = tokenizer;
        this.refusals = refusals;
        this.mostUnderWay = count * BATCHES_PER_THREAD;
        this.threads = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "tokenizer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Adds an example that its data set has {@code copies} times. */
    void add(PreferenceExample example, PairCollector target, int copies) {
        waiting.add(new Job(example, target.reserve(copies), target, copies));
        if (waiting.size() == EXAMPLES_AT_ONCE) {
            start();
        }
    }

    /**
     * Waits for everything that was added.
     *
     * @throws DataException of the first example that is wrong, unless such are noted
     */
    void finish() {
        start();
        while (!underWay.isEmpty()) {
            takeOldest();
        }
    }

    /** Ends the threads, whatever is under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private record Job(PreferenceExample example, long index, PairCollector target, int copies) {}

    private record Done(Job job, TokenizedExample result, long promptHash) {}

    private void start() {
        if (waiting.isEmpty()) {
            return;
        }
        if (underWay.size() == mostUnderWay) {
            takeOldest();
        }
        List<Job> jobs = waiting;
        waiting = new ArrayList<>();
        underWay.add(threads.submit(() -> tokenized(jobs)));
    }

    private List<Done> tokenized(List<Job> jobs) {
        return jobs.stream()
                .map(job -> new Done(job, examined(job), PromptIndex.hash(job.example())))
                .toList();
    }

    private TokenizedExample examined(Job job) {
        try {
            return tokenizer.examine(job.example(), job.index());
        } catch (DataException e) {
            Finding finding = refusals.note(job.example().source(), e);
            return new TokenizedExample(List.of(), new DataTally(), List.of(finding));
        }
    }

    private void takeOldest() {
        try {
            for (Done done : underWay.removeFirst().get()) {
                Job job = done.job();
                job.target().prompts().add(done.promptHash(), job.example().source());
                job.target().add(done.result(), job.copies());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while texts were tokenised", e);
        }
    }
}

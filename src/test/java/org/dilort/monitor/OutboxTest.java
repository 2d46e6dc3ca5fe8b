package org.dilort.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.dilort.monitor.MlflowServer.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Integer> arrived = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    private void arrive(List<Integer> batch) {
        arrived.addAll(batch);
        sizes.add(batch.size());
    }

    private Outbox<Integer> outbox(int kept, Duration patience, Outbox.Sending<Integer> sending) {
        return new Outbox<>(kept, 3, patience, sending, warnings::add);
    }

    private static void fill(Outbox<Integer> outbox, int count) {
        IntStream.range(0, count).forEach(outbox::add);
    }

    @Test
    void sendsEverythingInOrderAndInBoundedBatches() {
        try (Outbox<Integer> outbox = outbox(100, PATIENCE, this::arrive)) {
            fill(outbox, 10);
        }
        assertThat(arrived).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(sizes).allMatch(size -> size <= 3);
        assertThat(warnings).isEmpty();
    }

    @Test
    void keepsWhatDidNotArriveAndSaysSoOnce() throws InterruptedException {
        CountDownLatch tried = new CountDownLatch(1);
        try (Outbox<Integer> outbox = outbox(100, PATIENCE, batch -> {
            if (tried.getCount() > 0) {
                tried.countDown();
                throw new Refusal("http://h: no answer", 0);
            }
            arrive(batch);
        })) {
            fill(outbox, 4);
            tried.await();
        }
        assertThat(arrived).containsExactly(0, 1, 2, 3);
        assertThat(warnings)
                .containsExactly("http://h: no answer; the run goes on, what it measures is kept to be sent later");
    }

    @Test
    void leavesOutWhatIsRefusedForGood() {
        try (Outbox<Integer> outbox = outbox(100, PATIENCE, batch -> {
            if (batch.contains(0)) {
                throw new Refusal("http://h: status 400: bad", 400);
            }
            arrive(batch);
        })) {
            fill(outbox, 1);
            fill(outbox, 7);
        }
        assertThat(arrived).doesNotContain(0).contains(6);
        assertThat(warnings).hasSize(2).first().asString().endsWith("bad; the run goes on, these values are left out");
        assertThat(warnings.get(1)).matches("log.mlflow: [1-6] values may not have arrived; metrics.jsonl has them");
    }

    /** One is with the sender, two wait, and eight find no room. */
    @Test
    void neverWaitsForAReceiverThatHangs() throws InterruptedException {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Outbox<Integer> outbox = outbox(2, Duration.ofMillis(50), batch -> {
            sending.countDown();
            never.await();
        });
        outbox.add(0);
        sending.await();
        fill(outbox, 10);
        outbox.close();
        assertThat(warnings).containsExactly("log.mlflow: 11 values may not have arrived; metrics.jsonl has them");
        assertThat(arrived).isEmpty();
    }
}

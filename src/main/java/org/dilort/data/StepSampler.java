package org.dilort.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which pairs each optimizer step sees: a pure function of seed and step, so a run can go on anywhere.
 *
 * <p>An epoch sees every pair once; its last step takes what is left. The order of epoch e is a Fisher-Yates shuffle,
 * from the last place down, of 0 .. pairs-1: place i is exchanged with place {@code (u * (i + 1)) >>> 32}, where u is
 * the upper half of the next {@code SplittableRandom.nextLong()} and the generator's seed is {@code seed + e *
 * 0xD1342543DE82EF95}. Not thread-safe.
 */
public final class StepSampler {
    private static final long EPOCH_STRIDE = 0xD1342543DE82EF95L;

    private final int pairs;
    private final int batchPairs;
    private final long seed;
    private final Order order;
    private long cachedEpoch = -1;
    private int[] cachedOrder = new int[0];

    public StepSampler(int pairs, int batchPairs, long seed, Order order) {
        if (pairs < 1 || batchPairs < 1) {
            throw new IllegalArgumentException(
                    "pairs = " + pairs + ", batch_pairs = " + batchPairs + "; expected at least 1 of each");
        }
        this.pairs = pairs;
        this.batchPairs = batchPairs;
        this.seed = seed;
        this.order = order;
    }

    public long stepsPerEpoch() {
        return (pairs - 1L) / batchPairs + 1;
    }

    /**
     * Numbers of the pairs of one step.
     *
     * @param step from 0, counted through all epochs
     */
    public int[] batch(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("step = " + step + ", expected at least 0");
        }
        long epoch = step / stepsPerEpoch();
        long start = step % stepsPerEpoch() * batchPairs;
        long end = Math.min(pairs, start + batchPairs);
        return Arrays.copyOfRange(orderOf(epoch), (int) start, (int) end);
    }

    private int[] orderOf(long epoch) {
        if (epoch != cachedEpoch) {
            cachedOrder = shuffled(epoch);
            cachedEpoch = epoch;
        }
        return cachedOrder;
    }

    private int[] shuffled(long epoch) {
        int[] numbers = new int[pairs];
        Arrays.setAll(numbers, i -> i);
        if (order == Order.SEQUENTIAL) {
            return numbers;
        }
        SplittableRandom random = new SplittableRandom(seed + epoch * EPOCH_STRIDE);
        for (int i = pairs - 1; i > 0; i--) {
            int j = (int) ((random.nextLong() >>> 32) * (i + 1L) >>> 32);
            int number = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = number;
        }
        return numbers;
    }

    /** The order of an epoch. */
    public enum Order {
        SHUFFLED,
        SEQUENTIAL
    }
}

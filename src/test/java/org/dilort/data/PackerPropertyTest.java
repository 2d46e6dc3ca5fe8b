package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dilort.runtime.MicroBatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads micro-batches back by the rule of attention alone and finds the pairs that went in. */
class PackerPropertyTest {
    private static final long SEED = 31_337;
    private static final int ROUNDS = 40;

    @ParameterizedTest
    @EnumSource(Layout.class)
    void everyTargetSeesItsOwnSequenceAndNothingElse(Layout layout) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            List<TokenizedPair> pairs = pairs(random);
            int[] seen = new int[pairs.size()];
            for (MicroBatch batch : pack(layout, random, pairs)) {
                String name = "seed " + SEED + ", round " + round;
                Arrays.stream(batch.pairIndices()).forEach(index -> seen[index]++);
                assertThat(batch.computedTokens()).as(name).isEqualTo(tokens(layout, batch, pairs));
                for (int sequence = 0; sequence < 2 * batch.pairs(); sequence++) {
                    assertSequence(name, batch, sequence, pairs.get(batch.pairIndices()[sequence / 2]));
                }
            }
            assertThat(seen).as("seed %d, round %d", SEED, round).containsOnly(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void keepsBudgetsWeightsAndOrder(Layout layout) {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        for (int round = 0; round < ROUNDS; round++) {
            String name = "seed " + (SEED + 1) + ", round " + round;
            List<TokenizedPair> pairs = pairs(random);
            PackOptions options = options(layout, random);
            List<MicroBatch> batches = new Packer(options).pack(pairs, ReferenceScores.ofSums(references(pairs)));
            double weight = 0;
            for (MicroBatch batch : batches) {
                boolean onePair = batch.pairs() == 1;
                assertThat(onePair || batch.rows() * batch.length() <= options.microBatchTokens())
                        .as(name)
                        .isTrue();
                assertRowBound(name, batch, options);
                assertThat(batch.targetSequences()).as(name).isSorted();
                assertThat(batch.referenceLogps()).as(name).isEqualTo(expectedReferences(batch));
                weight += sum(batch.pairWeights());
            }
            assertThat(weight).as(name).isBetween(1 - 1e-5, 1 + 1e-5);
            List<MicroBatch> again = new Packer(options).pack(pairs, ReferenceScores.ofSums(references(pairs)));
            assertThat(arrays(again)).as(name).isDeepEqualTo(arrays(batches));
        }
    }

    /**
     * Target k of a sequence is predicted from its prompt and the first k tokens of the response, at positions 0, 1, ..
     */
    private static void assertSequence(String name, MicroBatch batch, int sequence, TokenizedPair pair) {
        int[] response = sequence % 2 == 0 ? pair.chosen() : pair.rejected();
        int[] prompt = sequence % 2 == 0 ? pair.chosenPrompt() : pair.rejectedPrompt();
        int[] targets = IntStream.range(0, batch.targets())
                .filter(target -> batch.targetSequences()[target] == sequence)
                .toArray();
        assertThat(targets).as(name).hasSameSizeAs(response);
        for (int k = 0; k < targets.length; k++) {
            int[] visible = visible(batch, (int) batch.targetPositions()[targets[k]]);
            long[] expected = IntStream.concat(Arrays.stream(prompt), Arrays.stream(response, 0, k))
                    .asLongStream()
                    .toArray();
            assertThat(batch.targetIds()[targets[k]]).as(name).isEqualTo(response[k]);
            assertThat(pick(batch.inputIds(), visible)).as(name).isEqualTo(expected);
            assertThat(pick(batch.positionIds(), visible))
                    .as(name)
                    .isEqualTo(LongStream.range(0, expected.length).toArray());
        }
    }

    /** Flat indices of what the token at a flat index attends to. */
    private static int[] visible(MicroBatch batch, int at) {
        int rowStart = at / batch.length() * batch.length();
        long document = batch.documentIds()[at];
        return IntStream.rangeClosed(rowStart, at)
                .filter(j -> document > 0 && batch.documentIds()[j] == document)
                .filter(j -> batch.branchIds()[j] == 0 || batch.branchIds()[j] == batch.branchIds()[at])
                .toArray();
    }

    private static void assertRowBound(String name, MicroBatch batch, PackOptions options) {
        for (int row = 0; row < batch.rows(); row++) {
            long[] documents =
                    Arrays.copyOfRange(batch.documentIds(), row * batch.length(), (row + 1) * batch.length());
            long tokens =
                    Arrays.stream(documents).filter(document -> document > 0).count();
            long count = Arrays.stream(documents).max().orElseThrow();
            assertThat(count == 1 || tokens <= options.rowTokens()).as(name).isTrue();
        }
    }

    private static int tokens(Layout layout, MicroBatch batch, List<TokenizedPair> pairs) {
        return Arrays.stream(batch.pairIndices())
                .mapToObj(pairs::get)
                .mapToInt(pair -> layout == Layout.SHARED_TRUNK ? pair.documentTokens() : pair.sequenceTokens())
                .sum();
    }

    private static List<MicroBatch> pack(Layout layout, SplittableRandom random, List<TokenizedPair> pairs) {
        return new Packer(options(layout, random)).pack(pairs, ReferenceScores.ofSums(references(pairs)));
    }

    private static PackOptions options(Layout layout, SplittableRandom random) {
        return new PackOptions(1 + random.nextInt(60), 1 + random.nextInt(200), layout);
    }

    private static List<TokenizedPair> pairs(SplittableRandom random) {
        List<TokenizedPair> pairs = new ArrayList<>();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            int rejected = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(10);
            int lead = random.nextInt(3);
            pairs.add(new TokenizedPair(
                    i,
                    tokens(random, (lead > 0 ? 0 : 1) + random.nextInt(12)),
                    tokens(random, lead),
                    tokens(random, 1 + random.nextInt(10)),
                    tokens(random, rejected == 0 || lead == 0 ? 0 : 1 + random.nextInt(2)),
                    tokens(random, rejected)));
        }
        return pairs;
    }

    private static int[] tokens(SplittableRandom random, int count) {
        return random.ints(count, 0, 1000).toArray();
    }

    private static float[] references(List<TokenizedPair> pairs) {
        float[] references = new float[2 * pairs.size()];
        for (int i = 0; i < references.length; i++) {
            references[i] = -i;
        }
        return references;
    }

    private static float[] expectedReferences(MicroBatch batch) {
        float[] expected = new float[2 * batch.pairs()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = -(2 * batch.pairIndices()[i / 2] + i % 2);
        }
        return expected;
    }

    private static Object[][] arrays(List<MicroBatch> batches) {
        return batches.stream()
                .map(batch -> new Object[] {
                    batch.inputIds(),
                    batch.positionIds(),
                    batch.documentIds(),
                    batch.branchIds(),
                    batch.targetPositions(),
                    batch.targetIds(),
                    batch.targetSequences(),
                    batch.pairIndices(),
                    batch.referenceLogps(),
                    batch.pairWeights(),
                    batch.stepCounts()
                })
                .toArray(Object[][]::new);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    private static long[] pick(long[] values, int[] at) {
        return Arrays.stream(at).mapToLong(i -> values[i]).toArray();
    }
}

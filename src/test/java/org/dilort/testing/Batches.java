package org.dilort.testing;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.dilort.model.BatchInputs;
import org.dilort.runtime.MicroBatch;

/** Batches as the runtime takes them, and as graphs do. */
public final class Batches {
    private Batches() {}

    public static MicroBatch of(Map<String, Array> batch) {
        Array tokens = batch.get(BatchInputs.INPUT_IDS);
        return new MicroBatch(
                (int) tokens.shape()[0],
                (int) tokens.shape()[1],
                longs(tokens),
                longs(batch.get(BatchInputs.POSITION_IDS)),
                longs(batch.get(BatchInputs.DOCUMENT_IDS)),
                longs(batch.get(BatchInputs.BRANCH_IDS)),
                longs(batch.get(BatchInputs.TARGET_POSITIONS)),
                longs(batch.get(BatchInputs.TARGET_IDS)),
                longs(batch.get(BatchInputs.TARGET_SEQUENCES)),
                IntStream.range(0, batch.get(BatchInputs.PAIR_WEIGHTS).values().length)
                        .toArray(),
                floats(batch.get(BatchInputs.REFERENCE_LOGPS)),
                floats(batch.get(BatchInputs.PAIR_WEIGHTS)),
                floats(batch.get(BatchInputs.STEP_COUNTS)));
    }

    private static long[] longs(Array array) {
        return Arrays.stream(array.values()).mapToLong(value -> (long) value).toArray();
    }

    private static float[] floats(Array array) {
        float[] floats = new float[array.values().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) array.values()[i];
        }
        return floats;
    }

    /** What a graph is fed of a micro-batch. */
    public static Map<String, Array> inputs(MicroBatch batch) {
        long[] tokens = {batch.rows(), batch.length()};
        Map<String, Array> inputs = new TreeMap<>();
        inputs.put(BatchInputs.INPUT_IDS, new Array(tokens, doubles(batch.inputIds())));
        inputs.put(BatchInputs.POSITION_IDS, new Array(tokens, doubles(batch.positionIds())));
        inputs.put(BatchInputs.DOCUMENT_IDS, new Array(tokens, doubles(batch.documentIds())));
        inputs.put(BatchInputs.BRANCH_IDS, new Array(tokens, doubles(batch.branchIds())));
        inputs.put(BatchInputs.TARGET_POSITIONS, Array.vector(doubles(batch.targetPositions())));
        inputs.put(BatchInputs.TARGET_IDS, Array.vector(doubles(batch.targetIds())));
        inputs.put(BatchInputs.TARGET_SEQUENCES, Array.vector(doubles(batch.targetSequences())));
        inputs.put(
                BatchInputs.REFERENCE_LOGPS, new Array(new long[] {batch.pairs(), 2}, doubles(batch.referenceLogps())));
        inputs.put(BatchInputs.PAIR_WEIGHTS, Array.vector(doubles(batch.pairWeights())));
        inputs.put(BatchInputs.STEP_COUNTS, Array.vector(doubles(batch.stepCounts())));
        return inputs;
    }

    private static double[] doubles(long[] values) {
        return LongStream.of(values).asDoubleStream().toArray();
    }

    public static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }
}

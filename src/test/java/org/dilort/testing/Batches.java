package org.dilort.testing;

import java.util.Map;
import java.util.stream.IntStream;
import org.dilort.model.BatchInputs;
import org.dilort.runtime.MicroBatch;

/** Golden batches as the runtime takes them. */
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
        return java.util.Arrays.stream(array.values())
                .mapToLong(value -> (long) value)
                .toArray();
    }

    private static float[] floats(Array array) {
        float[] floats = new float[array.values().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) array.values()[i];
        }
        return floats;
    }
}

package org.dilort.weights;

import java.nio.FloatBuffer;
import org.dilort.error.FormatException;

/** Passes chunks on to another sink and counts the NaN and infinite elements among them. */
public final class NonFiniteCounter implements FloatSink {
    private final FloatSink next;
    private long seen;
    private long nonFinite;
    private long firstIndex = -1;
    private float firstValue;

    public NonFiniteCounter(FloatSink next) {
        this.next = next;
    }

    @Override
    public void accept(FloatBuffer chunk) {
        for (int i = chunk.position(); i < chunk.limit(); i++) {
            if (!Float.isFinite(chunk.get(i))) {
                note(seen + i - chunk.position(), chunk.get(i));
            }
        }
        seen += chunk.remaining();
        next.accept(chunk);
    }

    private void note(long index, float value) {
        if (nonFinite == 0) {
            firstIndex = index;
            firstValue = value;
        }
        nonFinite++;
    }

    /** Elements so far that were NaN or infinite as float32. */
    public long nonFinite() {
        return nonFinite;
    }

    public void requireNone(TensorInfo tensor) {
        if (nonFinite > 0) {
            throw new FormatException(
                    "%s: %d of %d values are not finite, the first is %s at index %d; expected none (%s)"
                            .formatted(tensor.label(), nonFinite, seen, firstValue, firstIndex, tensor.file()));
        }
    }
}

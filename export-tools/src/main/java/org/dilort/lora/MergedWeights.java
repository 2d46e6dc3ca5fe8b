package org.dilort.lora;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.dilort.weights.FloatSink;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.TensorInfo;

/**
 * A model's weights with adapters merged into them, made while they are read: W + s B A, for DoRA with the norm of each
 * output set to its magnitude. Names, shapes and places are those of the base.
 */
public final class MergedWeights implements NamedTensors {
    private final NamedTensors base;
    private final NamedTensors trained;
    private final Adapters adapters;

    /** @param trained the adapters' tensors, and the weights that are trained whole */
    public MergedWeights(NamedTensors base, NamedTensors trained, Adapters adapters) {
        this.base = base;
        this.trained = trained;
        this.adapters = adapters;
    }

    @Override
    public Path location() {
        return base.location();
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        return base.tensors();
    }

    @Override
    public void readFloats(String name, FloatSink sink) {
        if (adapters.whole().contains(name)) {
            trained.readFloats(name, sink);
            return;
        }
        adapters.ofWeight(name)
                .ifPresentOrElse(adapter -> readMerged(name, adapter, sink), () -> base.readFloats(name, sink));
    }

    private void readMerged(String name, Adapter adapter, FloatSink sink) {
        LowRankUpdate update = LowRankUpdate.of(adapter, trained);
        if (!adapter.hasMagnitude()) {
            base.readFloats(name, new Sum(update, sink));
            return;
        }
        OutputNorms norms = new OutputNorms(adapter.layer());
        base.readFloats(name, new Sum(update, norms));
        float[] factors = norms.norms();
        float[] magnitudes = trained.toArray(adapter.magnitude());
        for (int i = 0; i < factors.length; i++) {
            factors[i] = factors[i] == 0 ? 0 : magnitudes[i] / factors[i];
        }
        base.readFloats(name, new Sum(update, new Scaled(adapter.layer(), factors, sink)));
    }

    /** Adds the update to what passes through. */
    private static final class Sum implements FloatSink {
        private final LowRankUpdate update;
        private final FloatSink next;
        private long row = -1;
        private int column;
        private final float[] current;

        Sum(LowRankUpdate update, FloatSink next) {
            this.update = update;
            this.next = next;
            this.current = new float[update.columns()];
            this.column = current.length;
        }

        @Override
        public void accept(FloatBuffer chunk) {
            float[] sums = new float[chunk.remaining()];
            for (int i = 0; i < sums.length; i++) {
                if (column == current.length) {
                    row++;
                    column = 0;
                    update.row(row, current);
                }
                sums[i] = chunk.get() + current[column++];
            }
            next.accept(FloatBuffer.wrap(sums));
        }
    }

    /** Multiplies every output's weights by its factor. */
    private static final class Scaled implements FloatSink {
        private final LinearLayer layer;
        private final float[] factors;
        private final FloatSink next;
        private long seen;

        Scaled(LinearLayer layer, float[] factors, FloatSink next) {
            this.layer = layer;
            this.factors = factors;
            this.next = next;
        }

        @Override
        public void accept(FloatBuffer chunk) {
            float[] scaled = new float[chunk.remaining()];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = chunk.get() * factors[layer.outputOf(seen++)];
            }
            next.accept(FloatBuffer.wrap(scaled));
        }
    }
}

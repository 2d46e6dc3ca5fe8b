package org.dilort.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.dilort.artifacts.DecoderGraph;
import org.dilort.model.BatchInputs;
import org.dilort.model.ModelSize;

/**
 * One batch on its way through a decoder, block after block. The keys and values of each call go into the next as ONNX
 * Runtime's own tensors, without a copy here; the logits are written into one direct buffer that lives as long as the run.
 * For one thread.
 */
final class DecoderRun implements AutoCloseable {
    private final DecoderSession decoder;
    private final OrtEnvironment environment;
    private final int rows;
    private final Map<String, String> pastOfPresent = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> past = new LinkedHashMap<>();
    private Runnable releasePast = () -> past.values().forEach(OnnxTensor::close);
    private long[] mask = new long[0];
    private FloatBuffer logits = FloatBuffer.allocate(0);

    DecoderRun(DecoderSession decoder, int rows) {
        this.decoder = decoder;
        this.environment = decoder.environment();
        this.rows = rows;
        try {
            ModelSize size = decoder.size();
            for (int layer = 0; layer < size.layers(); layer++) {
                addEmptyPast(layer, "key", size);
                addEmptyPast(layer, "value", size);
            }
        } catch (OrtException e) {
            close();
            throw new ExportFailure("cannot make an empty cache", e);
        }
    }

    private void addEmptyPast(int layer, String part, ModelSize size) throws OrtException {
        String name = DecoderGraph.pastName(layer, part);
        long[] shape = {rows, size.keyValueHeads(), 0, size.headSize()};
        past.put(name, OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape));
        pastOfPresent.put(DecoderGraph.presentName(layer, part), name);
    }

    /**
     * Appends the block to the batch.
     *
     * @return the logits, {@code [rows, length, vocabulary]}, valid until the next call
     */
    FloatBuffer forward(TokenBlock block) {
        if (block.rows() != rows) {
            throw new IllegalArgumentException(block.rows() + " rows, expected " + rows);
        }
        appendMask(block);
        long[] shape = {rows, block.length()};
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>(past);
        try (OnnxTensor ids = tensor(block.ids(), shape);
                OnnxTensor positions = tensor(block.positions(), shape);
                OnnxTensor seen = tensor(mask, new long[] {rows, mask.length / rows});
                OnnxTensor target = logitsTensor(block.length())) {
            feeds.put(BatchInputs.INPUT_IDS, ids);
            feeds.put(BatchInputs.POSITION_IDS, positions);
            feeds.put(DecoderGraph.ATTENTION_MASK, seen);
            Set<String> wanted = new LinkedHashSet<>(pastOfPresent.keySet());
            keep(decoder.session().run(feeds, wanted, Map.of(DecoderGraph.LOGITS, target)));
        } catch (OrtException e) {
            throw new ExportFailure("decoding failed", e);
        }
        return logits;
    }

    private void appendMask(TokenBlock block) {
        int before = mask.length / rows;
        long[] longer = new long[mask.length + rows * block.length()];
        int total = before + block.length();
        for (int row = 0; row < rows; row++) {
            System.arraycopy(mask, row * before, longer, row * total, before);
            System.arraycopy(block.mask(), row * block.length(), longer, row * total + before, block.length());
        }
        mask = longer;
    }

    private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private OnnxTensor logitsTensor(int length) throws OrtException {
        int vocabulary = decoder.size().vocabulary();
        int count = Math.multiplyExact(Math.multiplyExact(rows, length), vocabulary);
        if (logits.capacity() < count) {
            logits = ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }
        logits.clear().limit(count);
        return OnnxTensor.createTensor(environment, logits, new long[] {rows, length, vocabulary});
    }

    /** The result's keys and values become the past of the next call; the earlier ones are let go. */
    private void keep(OrtSession.Result result) {
        releasePast.run();
        releasePast = result::close;
        pastOfPresent.forEach((present, name) -> past.put(name, (OnnxTensor) result.get(present)
                .orElseThrow(() -> new IllegalStateException("the session gave no output " + present))));
    }

    @Override
    public void close() {
        releasePast.run();
    }
}

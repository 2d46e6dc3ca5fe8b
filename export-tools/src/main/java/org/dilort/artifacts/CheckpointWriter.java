package org.dilort.artifacts;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dilort.files.AtomicFile;
import org.dilort.weights.FloatEncoder;
import org.dilort.weights.FloatSource;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightSource;
import org.dilort.weights.WeightType;

/**
 * Writes a training checkpoint of float32 tensors, as {@link CheckpointFormat} describes it; all data goes to
 * {@code FILE.data}, streamed, in the order in which tensors are added. Tensors of zeros share one stretch at its end, a
 * hole where the file system knows them.
 *
 * <p>Same input, same bytes. {@link #finish} puts both files on disk and moves them into place, the data first; closing
 * without it leaves nothing behind.
 */
public final class CheckpointWriter implements AutoCloseable {
    private final AtomicFile file;
    private final AtomicFile data;
    private final Set<String> names = new HashSet<>();
    private final CheckpointBytes content = new CheckpointBytes();
    private long position;
    private long zeroBytes;

    private CheckpointWriter(AtomicFile file, AtomicFile data) {
        this.file = file;
        this.data = data;
    }

    public static CheckpointWriter create(Path file) {
        AtomicFile flatbuffer = AtomicFile.create(file);
        try {
            return new CheckpointWriter(flatbuffer, AtomicFile.create(CheckpointFormat.dataFile(file)));
        } catch (RuntimeException e) {
            flatbuffer.close();
            throw e;
        }
    }

    /** Writes a tensor now; the source must give as many elements as the shape has. */
    public CheckpointWriter add(CheckpointRole role, String name, List<Long> shape, FloatSource source) {
        long elements = WeightType.elements(shape);
        append(role, name, shape, position);
        FloatEncoder.write(data, position, name, WeightType.F32, elements, source);
        position += elements * Float.BYTES;
        return this;
    }

    /** Writes a tensor of another source under its own name and shape; NaN and infinite values are refused. */
    public CheckpointWriter add(CheckpointRole role, WeightSource source, String name) {
        TensorInfo tensor = source.info(name);
        return add(role, name, tensor.shape(), source.finiteFloats(name));
    }

    /** Adds a tensor of zeros, whose data is that of all others. */
    public CheckpointWriter addZeros(CheckpointRole role, String name, List<Long> shape) {
        append(role, name, shape, CheckpointBytes.AT_THE_END);
        zeroBytes = Math.max(zeroBytes, WeightType.F32.bytes(shape));
        return this;
    }

    private void append(CheckpointRole role, String name, List<Long> shape, long offset) {
        if (!names.add(name)) {
            throw new IllegalArgumentException(name + ": the name is taken");
        }
        content.add(role, name, shape, offset);
    }

    /** Completes both files; nothing can be added afterwards. */
    public void finish() {
        extendData();
        file.write(ByteBuffer.wrap(content.toBytes(position)), 0);
        file.sync();
        data.commit();
        file.commit();
    }

    /** A hole is as long as it should be only when its last byte is written. */
    private void extendData() {
        if (zeroBytes > 0) {
            data.write(ByteBuffer.allocate(1), position + zeroBytes - 1);
        }
    }

    @Override
    public void close() {
        try {
            data.close();
        } finally {
            file.close();
        }
    }
}

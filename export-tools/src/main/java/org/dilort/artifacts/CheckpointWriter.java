package org.dilort.artifacts;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private final Map<CheckpointRole, List<Entry>> entries = new EnumMap<>(CheckpointRole.class);
    private long position;
    private long zeroBytes;

    private CheckpointWriter(AtomicFile file, AtomicFile data) {
        this.file = file;
        this.data = data;
        Arrays.stream(CheckpointRole.values()).forEach(role -> entries.put(role, new ArrayList<>()));
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

    private record Entry(String name, List<Long> shape, long offset) {
        /** Stands for the end of all data. */
        static final long ZEROS = -1;
    }

    /** Writes a tensor now; the source must give as many elements as the shape has. */
    public CheckpointWriter add(CheckpointRole role, String name, List<Long> shape, FloatSource source) {
        long elements = WeightType.elements(shape);
        append(role, name, shape, position);
        FloatEncoder.write(data.channel(), position, name, WeightType.F32, elements, source);
        position += elements * Float.BYTES;
        return this;
    }

    /** Writes a tensor of another source under its own name and shape; NaN and infinite values are refused. */
    public CheckpointWriter add(CheckpointRole role, WeightSource source, String name) {
        TensorInfo tensor = source.info(name);
        return add(role, name, tensor.shape(), source.finiteFloats(name));
    }

    /** Copies the bytes of a float32 tensor of another source. */
    CheckpointWriter copy(CheckpointRole role, WeightSource source, String name) {
        TensorInfo tensor = source.info(name);
        if (tensor.type() != WeightType.F32) {
            throw new IllegalArgumentException(name + ": type " + tensor.type() + ", expected F32");
        }
        append(role, name, tensor.shape(), position);
        try {
            source.copyBytes(name, data.channel().position(position));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + name + ": " + e, e);
        }
        position += tensor.bytes();
        return this;
    }

    /** Adds a tensor of zeros, whose data is that of all others. */
    public CheckpointWriter addZeros(CheckpointRole role, String name, List<Long> shape) {
        append(role, name, shape, Entry.ZEROS);
        zeroBytes = Math.max(zeroBytes, WeightType.F32.bytes(shape));
        return this;
    }

    private void append(CheckpointRole role, String name, List<Long> shape, long offset) {
        if (!names.add(name)) {
            throw new IllegalArgumentException(name + ": the name is taken");
        }
        entries.get(role).add(new Entry(name, List.copyOf(shape), offset));
    }

    /** Completes both files; nothing can be added afterwards. */
    public void finish() {
        try {
            extendData();
            ByteBuffer flatbuffer = flatbuffer();
            while (flatbuffer.hasRemaining()) {
                file.channel().write(flatbuffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the checkpoint: " + e, e);
        }
        file.sync();
        data.commit();
        file.commit();
    }

    /** A hole is as long as it should be only when its last byte is written. */
    private void extendData() throws IOException {
        if (zeroBytes > 0) {
            data.channel().write(ByteBuffer.allocate(1), position + zeroBytes - 1);
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

    private ByteBuffer flatbuffer() {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int trainable = tensors(builder, entries.get(CheckpointRole.TRAINABLE));
        int frozen = tensors(builder, entries.get(CheckpointRole.FROZEN));
        builder.startTable(CheckpointFormat.MODULE_FIELDS);
        builder.addOffset(CheckpointFormat.MODULE_TRAINABLE, trainable, 0);
        builder.addOffset(CheckpointFormat.MODULE_FROZEN, frozen, 0);
        builder.addBoolean(CheckpointFormat.MODULE_HAS_EXTERNAL_DATA, true, false);
        int module = builder.endTable();
        builder.startTable(CheckpointFormat.CHECKPOINT_FIELDS);
        builder.addInt(CheckpointFormat.CHECKPOINT_VERSION, CheckpointFormat.VERSION, 0);
        builder.addOffset(CheckpointFormat.CHECKPOINT_MODULE_STATE, module, 0);
        builder.finish(builder.endTable(), CheckpointFormat.IDENTIFIER);
        return builder.dataBuffer();
    }

    private int tensors(FlatBufferBuilder builder, List<Entry> tensors) {
        int[] offsets =
                tensors.stream().mapToInt(entry -> tensor(builder, entry)).toArray();
        builder.startVector(Integer.BYTES, offsets.length, Integer.BYTES);
        for (int i = offsets.length - 1; i >= 0; i--) {
            builder.addOffset(offsets[i]);
        }
        return builder.endVector();
    }

    private int tensor(FlatBufferBuilder builder, Entry entry) {
        int name = builder.createString(entry.name());
        builder.startVector(Long.BYTES, entry.shape().size(), Long.BYTES);
        for (int i = entry.shape().size() - 1; i >= 0; i--) {
            builder.addLong(entry.shape().get(i));
        }
        int dims = builder.endVector();
        builder.startTable(CheckpointFormat.TENSOR_FIELDS);
        builder.addOffset(CheckpointFormat.TENSOR_NAME, name, 0);
        builder.addOffset(CheckpointFormat.TENSOR_DIMS, dims, 0);
        builder.addInt(CheckpointFormat.TENSOR_DATA_TYPE, CheckpointFormat.FLOAT, 0);
        long offset = entry.offset() == Entry.ZEROS ? position : entry.offset();
        builder.addLong(CheckpointFormat.TENSOR_EXTERNAL_OFFSET, offset, CheckpointFormat.NO_EXTERNAL_OFFSET);
        return builder.endTable();
    }
}

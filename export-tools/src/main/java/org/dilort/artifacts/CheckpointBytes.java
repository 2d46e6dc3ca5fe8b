package org.dilort.artifacts;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The flatbuffer of a checkpoint of float32 tensors whose data is external, as {@link CheckpointFormat} describes it. */
final class CheckpointBytes {
    /** Offset of a tensor whose data begins where that of all others ends. */
    static final long AT_THE_END = -1;

    private final Map<CheckpointRole, List<Entry>> entries = new EnumMap<>(CheckpointRole.class);

    private record Entry(String name, List<Long> shape, long offset) {}

    CheckpointBytes() {
        for (CheckpointRole role : CheckpointRole.values()) {
            entries.put(role, new ArrayList<>());
        }
    }

    void add(CheckpointRole role, String name, List<Long> shape, long offset) {
        entries.get(role).add(new Entry(name, List.copyOf(shape), offset));
    }

    /** @param end of the data */
    byte[] toBytes(long end) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int trainable = tensors(builder, entries.get(CheckpointRole.TRAINABLE), end);
        int frozen = tensors(builder, entries.get(CheckpointRole.FROZEN), end);
        builder.startTable(CheckpointFormat.MODULE_FIELDS);
        builder.addOffset(CheckpointFormat.MODULE_TRAINABLE, trainable, 0);
        builder.addOffset(CheckpointFormat.MODULE_FROZEN, frozen, 0);
        builder.addBoolean(CheckpointFormat.MODULE_HAS_EXTERNAL_DATA, true, false);
        int module = builder.endTable();
        builder.startTable(CheckpointFormat.CHECKPOINT_FIELDS);
        builder.addInt(CheckpointFormat.CHECKPOINT_VERSION, CheckpointFormat.VERSION, 0);
        builder.addOffset(CheckpointFormat.CHECKPOINT_MODULE_STATE, module, 0);
        builder.finish(builder.endTable(), CheckpointFormat.IDENTIFIER);
        return builder.sizedByteArray();
    }

    private static int tensors(FlatBufferBuilder builder, List<Entry> tensors, long end) {
        int[] offsets =
                tensors.stream().mapToInt(entry -> tensor(builder, entry, end)).toArray();
        builder.startVector(Integer.BYTES, offsets.length, Integer.BYTES);
        for (int i = offsets.length - 1; i >= 0; i--) {
            builder.addOffset(offsets[i]);
        }
        return builder.endVector();
    }

    private static int tensor(FlatBufferBuilder builder, Entry entry, long end) {
        int name = builder.createString(entry.name());
        builder.startVector(Long.BYTES, entry.shape().size(), Long.BYTES);
        for (int i = entry.shape().size() - 1; i >= 0; i--) {
            builder.addLong(entry.shape().get(i));
        }
        int dims = builder.endVector();
        long offset = entry.offset() == AT_THE_END ? end : entry.offset();
        builder.startTable(CheckpointFormat.TENSOR_FIELDS);
        builder.addOffset(CheckpointFormat.TENSOR_NAME, name, 0);
        builder.addOffset(CheckpointFormat.TENSOR_DIMS, dims, 0);
        builder.addInt(CheckpointFormat.TENSOR_DATA_TYPE, CheckpointFormat.FLOAT, 0);
        builder.addLong(CheckpointFormat.TENSOR_EXTERNAL_OFFSET, offset, CheckpointFormat.NO_EXTERNAL_OFFSET);
        return builder.endTable();
    }
}

package org.dilort.artifacts;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.dilort.error.FormatException;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.TensorNames;
import org.dilort.weights.WeightType;

/**
 * What the flatbuffer of a checkpoint says: which tensors there are and where their data lies.
 *
 * @param tensors trainable, then frozen
 */
record CheckpointContent(Map<CheckpointRole, List<String>> names, List<TensorInfo> tensors) {

    /** @param externalSize opens the data file and tells its size; called only when the checkpoint has external data */
    static CheckpointContent parse(Path path, ByteBuffer bytes, LongSupplier externalSize) {
        CheckpointTable root = CheckpointTable.root(path, bytes);
        int version = root.int32(CheckpointFormat.CHECKPOINT_VERSION, 0);
        if (version != CheckpointFormat.VERSION) {
            throw new FormatException(
                    "%s: checkpoint version %d, expected %d".formatted(path, version, CheckpointFormat.VERSION));
        }
        CheckpointTable module = root.table(CheckpointFormat.CHECKPOINT_MODULE_STATE)
                .orElseThrow(() -> new FormatException(path + ": no module state, the checkpoint holds no tensors"));
        if (module.bool(CheckpointFormat.MODULE_IS_NOMINAL)) {
            throw new FormatException(path + ": a nominal checkpoint, its tensors have no values");
        }
        boolean external = module.bool(CheckpointFormat.MODULE_HAS_EXTERNAL_DATA);
        Parser parser = new Parser(path, bytes.limit(), external ? externalSize.getAsLong() : -1);
        parser.readList(module, CheckpointRole.TRAINABLE, CheckpointFormat.MODULE_TRAINABLE);
        parser.readList(module, CheckpointRole.FROZEN, CheckpointFormat.MODULE_FROZEN);
        return new CheckpointContent(parser.names, List.copyOf(parser.tensors));
    }

    static void requireSize(Path path, long size) {
        if (size > Integer.MAX_VALUE) {
            throw new FormatException("%s: %d bytes, expected at most %d".formatted(path, size, Integer.MAX_VALUE));
        }
    }

    private static final class Parser {
        private final Path path;
        private final long externalSize;
        private final Map<CheckpointRole, List<String>> names = new EnumMap<>(CheckpointRole.class);
        private final List<TensorInfo> tensors = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private long nameBudget;

        /** @param externalSize -1 when the checkpoint has no external data */
        Parser(Path path, long size, long externalSize) {
            this.path = path;
            this.externalSize = externalSize;
            this.nameBudget = size;
        }

        void readList(CheckpointTable module, CheckpointRole role, int field) {
            CheckpointTable.Range references = module.vector(field, Integer.BYTES)
                    .orElseThrow(() -> new FormatException(path + ": no list of " + role + " tensors"));
            int count = references.length() / Integer.BYTES;
            if (count > CheckpointFormat.MAX_TENSORS) {
                throw new FormatException(
                        "%s: %d tensors, expected at most %d".formatted(path, count, CheckpointFormat.MAX_TENSORS));
            }
            List<String> read = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TensorInfo tensor = readTensor(module.element(references, i));
                tensors.add(tensor);
                read.add(tensor.name());
            }
            names.put(role, List.copyOf(read));
        }

        private TensorInfo readTensor(CheckpointTable table) {
            String name = readName(table);
            int number = table.int32(CheckpointFormat.TENSOR_DATA_TYPE, 0);
            WeightType type =
                    CheckpointFormat.type(number).orElseThrow(() -> wrong(name, "unknown data type " + number));
            List<Long> shape = readShape(table, name);
            try {
                long bytes = type.bytes(shape);
                long offset = table.int64(CheckpointFormat.TENSOR_EXTERNAL_OFFSET, CheckpointFormat.NO_EXTERNAL_OFFSET);
                return offset >= 0
                        ? external(name, type, shape, offset, bytes)
                        : inline(table, name, type, shape, bytes);
            } catch (ArithmeticException e) {
                throw wrong(name, "shape " + shape + " is impossible");
            }
        }

        private String readName(CheckpointTable table) {
            String name = table.string(CheckpointFormat.TENSOR_NAME, CheckpointFormat.MAX_NAME_BYTES)
                    .orElseThrow(() -> new FormatException(path + ": a tensor without a name"));
            nameBudget -= name.length();
            if (nameBudget < 0) {
                throw new FormatException(path + ": damaged, the names are longer than the file");
            }
            if (!seen.add(name)) {
                throw wrong(name, "the name occurs twice");
            }
            return name;
        }

        private List<Long> readShape(CheckpointTable table, String name) {
            CheckpointTable.Range dims =
                    table.vector(CheckpointFormat.TENSOR_DIMS, Long.BYTES).orElseThrow(() -> wrong(name, "no shape"));
            int rank = dims.length() / Long.BYTES;
            if (rank > CheckpointFormat.MAX_RANK) {
                throw wrong(name, rank + " dimensions, expected at most " + CheckpointFormat.MAX_RANK);
            }
            List<Long> shape = new ArrayList<>();
            for (int i = 0; i < rank; i++) {
                shape.add(table.int64(dims, i));
                if (shape.get(i) < 0) {
                    throw wrong(name, "shape " + shape + ", expected no negative dimension");
                }
            }
            return shape;
        }

        private TensorInfo external(String name, WeightType type, List<Long> shape, long offset, long bytes) {
            if (externalSize < 0) {
                throw wrong(name, "external data, but the checkpoint declares none");
            }
            if (bytes > externalSize - offset) {
                throw new FormatException("%s: %d bytes of data at %d, but the file ends at %d (%s)"
                        .formatted(
                                TensorNames.printable(name),
                                bytes,
                                offset,
                                externalSize,
                                CheckpointFormat.dataFile(path)));
            }
            return new TensorInfo(name, type, shape, CheckpointFormat.dataFile(path), offset, bytes);
        }

        private TensorInfo inline(CheckpointTable table, String name, WeightType type, List<Long> shape, long bytes) {
            CheckpointTable.Range data =
                    table.vector(CheckpointFormat.TENSOR_RAW_DATA, 1).orElseThrow(() -> wrong(name, "no data"));
            if (data.length() != bytes) {
                throw wrong(
                        name, "%d bytes of data, expected %d for %s %s".formatted(data.length(), bytes, type, shape));
            }
            return new TensorInfo(name, type, shape, path, data.offset(), bytes);
        }

        private FormatException wrong(String name, String what) {
            return new FormatException("%s: %s (%s)".formatted(TensorNames.printable(name), what, path));
        }
    }
}

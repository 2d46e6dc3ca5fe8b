package org.dilort.artifacts;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dilort.weights.WeightType;

/**
 * The checkpoint file of ONNX Runtime's training API, version 2: a flatbuffer, and beside it {@code FILE.data}.
 *
 * <p>Flatbuffers are little-endian. A reference is an unsigned 32-bit distance forward from where it stands. A table
 * begins with a signed 32-bit distance back to its vtable: 16-bit length of the vtable in bytes, 16-bit length of the
 * table, then for each field the 16-bit distance from the table's begin, 0 = absent. A vector is a 32-bit count and its
 * elements; a string is a vector of UTF-8 bytes.
 *
 * <pre>
 * bytes 0..3   reference to the root table, Checkpoint
 * bytes 4..7   "ODTC"
 *
 * Checkpoint   0 version: int32 = 2    1 module_state: ModuleState    2 optimizer_groups    3 property_bag
 * ModuleState  0 requires_grad_params: [Tensor]    1 frozen_params: [Tensor]
 *              2 is_nominal_state: bool = false    3 has_external_data: bool = false
 * Tensor       0 name: string    1 doc_string    2 dims: [int64]    3 data_type: int32    4 raw_data: [uint8]
 *              5 string_data     6 external_data_offset: int64 = -1
 * </pre>
 *
 * Both vectors of a ModuleState are always there. Data is row-major and little-endian: with an external offset of 0 or
 * more it lies in {@code FILE.data} at that byte, else in {@code raw_data}. {@code data_type} is the number of ONNX's
 * TensorProto. Optimizer groups and properties are neither read nor written here: this project keeps all its training
 * state in frozen tensors.
 *
 * <p>Limits of the reader: 1,000,000 tensors, 32 dimensions, names of 4096 bytes that are unique and add up to no more
 * than the file.
 */
final class CheckpointFormat {
    static final String IDENTIFIER = "ODTC";
    static final int VERSION = 2;
    static final int MAX_TENSORS = 1_000_000;
    static final int MAX_RANK = 32;
    static final int MAX_NAME_BYTES = 4096;

    static final int CHECKPOINT_VERSION = 0;
    static final int CHECKPOINT_MODULE_STATE = 1;
    static final int CHECKPOINT_FIELDS = 4;

    static final int MODULE_TRAINABLE = 0;
    static final int MODULE_FROZEN = 1;
    static final int MODULE_IS_NOMINAL = 2;
    static final int MODULE_HAS_EXTERNAL_DATA = 3;
    static final int MODULE_FIELDS = 4;

    static final int TENSOR_NAME = 0;
    static final int TENSOR_DIMS = 2;
    static final int TENSOR_DATA_TYPE = 3;
    static final int TENSOR_RAW_DATA = 4;
    static final int TENSOR_EXTERNAL_OFFSET = 6;
    static final int TENSOR_FIELDS = 7;
    static final long NO_EXTERNAL_OFFSET = -1;

    static final int FLOAT = 1;

    /** Index = number of the type in ONNX's TensorProto; none where the format has no counterpart. */
    private static final List<Optional<WeightType>> TYPES = List.of(
            Optional.empty(),
            Optional.of(WeightType.F32),
            Optional.of(WeightType.U8),
            Optional.of(WeightType.I8),
            Optional.of(WeightType.U16),
            Optional.of(WeightType.I16),
            Optional.of(WeightType.I32),
            Optional.of(WeightType.I64),
            Optional.empty(),
            Optional.of(WeightType.BOOL),
            Optional.of(WeightType.F16),
            Optional.of(WeightType.F64),
            Optional.of(WeightType.U32),
            Optional.of(WeightType.U64),
            Optional.empty(),
            Optional.empty(),
            Optional.of(WeightType.BF16));

    private CheckpointFormat() {}

    static Optional<WeightType> type(int number) {
        return number < 0 || number >= TYPES.size() ? Optional.empty() : TYPES.get(number);
    }

    /** The file of the external data, as ONNX Runtime names it. */
    static Path dataFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".data");
    }
}

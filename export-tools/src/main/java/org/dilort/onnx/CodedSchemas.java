package org.dilort.onnx;

import java.util.List;
import java.util.Set;

/** Operators whose weights, or whose operands, are whole numbers with scales. */
final class CodedSchemas {
    private CodedSchemas() {}

    static List<Schema> all() {
        return List.of(
                new Schema(Schema.ONNX, "DynamicQuantizeLinear", 1, 1, Set.of(), CodedSchemas::dynamicQuantize),
                new Schema(Schema.ONNX, "MatMulInteger", 4, 4, Set.of(), CodedSchemas::matMulInteger),
                new Schema(
                        Schema.MICROSOFT,
                        "MatMulNBits",
                        3,
                        3,
                        Set.of("K", "N", "bits", "block_size"),
                        CodedSchemas::matMulNBits));
    }

    /** {@code x -> codes, scale, zero}: {@code (codes - zero) * scale} is x again, nearly. */
    private static List<TensorType> dynamicQuantize(Call call) {
        call.requireDType(0, DType.FLOAT);
        return List.of(
                call.type(0).withDType(DType.UINT8),
                new TensorType(DType.FLOAT, Shape.SCALAR),
                new TensorType(DType.UINT8, Shape.SCALAR));
    }

    /** {@code a [m, k], b [k, n], zeros of both -> [m, n]}. */
    private static List<TensorType> matMulInteger(Call call) {
        call.requireDType(0, DType.UINT8);
        call.requireDType(1, DType.UINT8);
        call.requireRank(0, 2);
        call.requireRank(1, 2);
        Shape product = call.shape(0).with(1, call.shape(1).dim(1));
        return List.of(new TensorType(DType.INT32, product));
    }

    /** {@code a [m, K], codes [N, K / block, block / 2], scales [N * K / block] -> [m, N]}. */
    private static List<TensorType> matMulNBits(Call call) {
        call.requireDType(0, DType.FLOAT);
        call.requireDType(1, DType.UINT8);
        call.requireDType(2, DType.FLOAT);
        return List.of(
                call.type(0).withShape(call.shape(0).with(-1, call.shape(1).dim(0))));
    }
}

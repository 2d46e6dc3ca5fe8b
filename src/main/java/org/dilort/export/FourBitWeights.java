package org.dilort.export;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;
import org.dilort.weights.NamedTensors;

/** {@code MatMulNBits(x, codes [out, blocks, 16], scales [out * blocks])} for every product: see {@link FourBits}. */
final class FourBitWeights extends CodedWeights {

    FourBitWeights(Graph graph, NamedTensors source, WeightFile file) {
        super(graph, source, file);
    }

    @Override
    Value product(String name, Value x, Matrix matrix) {
        int blocks = FourBits.blocks(matrix.in());
        String weight = matrix.value().name();
        Value codes = stored(
                weight + "_q4",
                DType.UINT8,
                Shape.of(matrix.out(), blocks, FourBits.BLOCK / 2),
                FourBits.CODER.codes(rows(matrix)));
        Value scales = stored(
                weight + "_scales",
                DType.FLOAT,
                Shape.of((long) matrix.out() * blocks),
                FourBits.CODER.scales(rows(matrix)));
        Map<String, Long> sizes = Map.of(
                "K", (long) matrix.in(), "N", (long) matrix.out(), "bits", 4L, "block_size", (long) FourBits.BLOCK);
        return add(
                name + "/q4",
                "com.microsoft",
                "MatMulNBits",
                List.of(x, codes, scales),
                product(x, matrix),
                Attributes.of(sizes));
    }

    @Override
    boolean lookUp(Node gather, Matrix table) {
        return false;
    }
}

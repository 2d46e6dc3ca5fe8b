package org.dilort.model;

import org.dilort.error.ConfigException;
import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * Cosines and sines of rotary position embeddings (RoFormer, arXiv 2104.09864), computed in double and rounded once.
 *
 * @param cos {@code [positions, rotated / 2]}
 * @param sin {@code [positions, rotated / 2]}
 */
public record RotaryTables(Value cos, Value sin) {
    /** Elements of a table: 262,144 positions of heads of 128. */
    private static final long LIMIT = 1 << 24;

    /**
     * @param frequencies radians per position, {@code [rotated / 2]}
     * @param scale factor on both tables, 1 for plain rotary embeddings
     */
    public static RotaryTables of(Ops ops, double[] frequencies, double scale, int positions, DType dtype) {
        if ((long) positions * frequencies.length > LIMIT) {
            throw new ConfigException("rotary positions: got " + positions + ", expected at most "
                    + LIMIT / frequencies.length + " (max_position_embeddings of the model; train.row_tokens or 2 x"
                    + " data.max_length of a run)");
        }
        double[] cos = new double[positions * frequencies.length];
        double[] sin = new double[cos.length];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < frequencies.length; i++) {
                double angle = position * frequencies[i];
                cos[position * frequencies.length + i] = scale * Math.cos(angle);
                sin[position * frequencies.length + i] = scale * Math.sin(angle);
            }
        }
        Shape shape = Shape.of(positions, frequencies.length);
        return new RotaryTables(ops.constant(Tensor.of(dtype, shape, cos)), ops.constant(Tensor.of(dtype, shape, sin)));
    }

    /**
     * Rotates the two halves of the rotated dimensions of every head, its first ones, by the token's position.
     *
     * @param x {@code [rows, heads, length, head size]}
     * @param positionIds {@code [rows, length]}
     */
    public Value rotate(Ops ops, Value x, Value positionIds) {
        return x.dtype() == DType.FLOAT
                ? ops.rotaryEmbedding(x, positionIds, cos, sin)
                : rotatePlain(ops, x, positionIds);
    }

    /** The same in ONNX's own operators, for the types that the fused one has no kernel for. */
    Value rotatePlain(Ops ops, Value x, Value positionIds) {
        long half = cos.dim(1).value();
        Value c = ops.unsqueeze(ops.gather(cos, positionIds, 0), 1); // [rows, 1, length, half]
        Value s = ops.unsqueeze(ops.gather(sin, positionIds, 0), 1); // [rows, 1, length, half]
        Value first = ops.slice(x, 3, 0, half);
        Value second = ops.slice(x, 3, half, 2 * half);
        Value rotatedFirst = ops.sub(ops.mul(first, c), ops.mul(second, s));
        Value rotatedSecond = ops.add(ops.mul(second, c), ops.mul(first, s));
        long headSize = x.dim(3).value();
        return 2 * half == headSize
                ? ops.concat(3, rotatedFirst, rotatedSecond)
                : ops.concat(3, rotatedFirst, rotatedSecond, ops.slice(x, 3, 2 * half, headSize));
    }
}

package org.dilort.lora;

import java.util.stream.LongStream;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/** Puts weights that training leaves alone into a graph, as they are stored. */
public interface FrozenWeights {

    Weight declare(GraphBuilder graph, Parameter parameter);

    /** A weight in its stored form, from which every use makes the numbers anew: nothing big lives between uses. */
    interface Weight {
        Value use(Ops ops, DType compute);

        /**
         * The same for a product with {@code x [tokens, in]}, and not before {@code x} is there. An inference session
         * runs first what needs no other node: without this it would make the numbers of all layers at once.
         */
        default Value useFor(Ops ops, DType compute, Value x) {
            return use(ops, compute);
        }

        /** The rows at these indices only. */
        Value useRows(Ops ops, Value indices, DType compute);
    }

    /** A weight of a float type, cast to the compute type. */
    record Cast(Value stored) implements Weight {
        @Override
        public Value use(Ops ops, DType compute) {
            return ops.cast(stored, compute);
        }

        @Override
        public Value useRows(Ops ops, Value indices, DType compute) {
            return ops.cast(ops.gather(stored, indices, 0), compute);
        }
    }

    /**
     * A matrix in few bits, every stretch of a row with a scale of its own.
     *
     * @param codes {@code [rows, columns]}
     * @param scales float {@code [rows, ceil(columns / block)]}
     */
    record Blocks(Value codes, Value scales, int block) implements Weight {
        @Override
        public Value use(Ops ops, DType compute) {
            Value numbers = codes.dtype() == DType.INT4 ? ops.dequantize(codes, scales, block) : spelledOut(ops);
            return ops.cast(numbers, compute);
        }

        /** The scales times 1, which is made of x: one number of it equals itself. */
        @Override
        public Value useFor(Ops ops, DType compute, Value x) {
            Value token = ops.gather(x, ops.constant(Tensor.int64s(0)), 0); // [1, in]
            Value number = ops.slice(token, 1, 0, 1); // [1, 1]
            Value one = ops.cast(ops.equal(number, number), scales.dtype());
            return new Blocks(codes, ops.mul(scales, one), block).use(ops, compute);
        }

        /** For eight bits, where ONNX Runtime's CUDA kernel of DequantizeLinear has no blocks. */
        private Value spelledOut(Ops ops) {
            Dim rows = codes.dim(0);
            long columns = codes.dim(1).value();
            Value floats = ops.cast(codes, scales.dtype());
            if (columns % block == 0) {
                Value split = ops.reshape(floats, rows, scales.dim(1), Dim.of(block)); // [rows, blocks, block]
                return ops.reshape(ops.mul(split, ops.unsqueeze(scales, 2)), rows, codes.dim(1));
            }
            long[] blocks =
                    LongStream.range(0, columns).map(column -> column / block).toArray();
            return ops.mul(floats, ops.gather(scales, ops.constant(Tensor.int64s(blocks)), 1));
        }

        @Override
        public Value useRows(Ops ops, Value indices, DType compute) {
            return ops.gather(use(ops, compute), indices, 0);
        }
    }
}

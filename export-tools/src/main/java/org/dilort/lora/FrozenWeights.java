package org.dilort.lora;

import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** Puts weights that training leaves alone into a graph, as they are stored. */
public interface FrozenWeights {

    Weight declare(GraphBuilder graph, Parameter parameter);

    /** A weight in its stored form, from which every use makes the numbers anew: nothing big lives between uses. */
    interface Weight {
        Value use(Ops ops, DType compute);

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
            return ops.cast(ops.dequantize(codes, scales, block), compute);
        }

        @Override
        public Value useRows(Ops ops, Value indices, DType compute) {
            return ops.gather(use(ops, compute), indices, 0);
        }
    }
}

package org.dilort.artifacts;

import org.dilort.autodiff.Tape;
import org.dilort.model.AttentionMasks;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.KeyValueCache;
import org.dilort.model.TokenLogProbs;
import org.dilort.model.TokenStream;
import org.dilort.model.TrunkAndBranches;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * Documents in, sequence log-probabilities out: the part that training and scoring share.
 *
 * @param logps {@code [pairs, 2]}, sums over scored tokens
 * @param lengths {@code [pairs, 2]}, scored tokens
 */
record SequenceScores(Value logps, Value lengths) {

    static SequenceScores build(Tape tape, CausalLm model, Weights weights, BatchInputs batch, GraphOptions options) {
        Ops ops = tape.ops();
        DType compute = options.compute();
        AttentionMasks masks = TrunkAndBranches.masks(ops, batch, compute);
        TokenStream tokens = new TokenStream(
                batch.inputIds(), batch.positionIds(), masks, KeyValueCache.NONE, options.tablePositions(), compute);
        Value hidden = model.hiddenStates(tape, weights, tokens); // [rows * length, hidden]
        Value predicting = ops.gather(hidden, batch.targetPositions(), 0); // [targets, hidden]
        Shape sequences = Shape.of(batch.sequences());
        Value tokenLogps = TokenLogProbs.of(
                tape, predicting, model.outputProjection(weights), batch.targetIds(), options.chunks());
        Value sums = sums(ops, tokenLogps, batch);
        Value one = ops.constant(Tensor.of(compute, Shape.of(1), 1));
        Value ones = ops.expand(one, batch.targetIds().shape());
        Value counts = ops.scatterAdd(ops.full(sequences, compute, 0), batch.targetSequences(), ones, 0);
        return new SequenceScores(pairs(ops, sums, batch), pairs(ops, counts, batch));
    }

    /** In double: one float rounding of a sum that may be thousands of nats, instead of one for each token. */
    private static Value sums(Ops ops, Value tokenLogps, BatchInputs batch) {
        Value zeros = ops.full(Shape.of(batch.sequences()), DType.DOUBLE, 0);
        Value exact = ops.cast(tokenLogps, DType.DOUBLE);
        return ops.cast(ops.scatterAdd(zeros, batch.targetSequences(), exact, 0), tokenLogps.dtype());
    }

    private static Value pairs(Ops ops, Value sequences, BatchInputs batch) {
        return ops.reshape(sequences, batch.pairs(), Dim.of(2));
    }
}

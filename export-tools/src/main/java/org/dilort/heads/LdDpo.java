package org.dilort.heads;

import java.util.List;
import java.util.Set;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/**
 * Length-desensitised DPO (arXiv 2409.06411): {@link Dpo} on log-probabilities whose tail, the tokens beyond the length
 * of the pair's shorter response, counts a times.
 *
 * <p>loss = -log sigmoid(f_w - f_l), policy and reference weighted alike. a = 1 is {@link Dpo}.
 */
final class LdDpo implements Head {

    @Override
    public String name() {
        return "ld_dpo";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w - f_l), f with the tokens beyond the shorter response weighted by a";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), new Coefficient("ld_alpha", 0.5, 0, 1, "weight of the tail's tokens, a"));
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.SUM);
    }

    @Override
    public Set<OptionalInput> optionalInputs() {
        return Set.of(OptionalInput.TOKEN_LOGPS);
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Value weights = tokenWeights(in);
        Value ratios = ops.mul(ops.sub(in.input("token_logps"), in.input("reference_token_logps")), weights);
        Sides f = in.scaled(in.columns(sumsOf(in, ratios)));
        return new HeadOutputs(Numerics.softplus(ops, ops.sub(f.rejected(), f.chosen())), f);
    }

    /** {@code [targets]} to {@code [pairs, 2]}. */
    private static Value sumsOf(HeadInputs in, Value tokens) {
        Ops ops = in.ops();
        Value lengths = in.input(HeadInputs.LENGTHS);
        Value zeros = ops.reshape(ops.zerosLike(lengths), lengths.shape().elements());
        Value sums = ops.scatterAdd(zeros, in.input("target_sequences"), tokens, 0);
        return ops.reshape(sums, HeadInputs.PAIRS, Dim.of(2));
    }

    /** 1 for a token among the first l of its response, l the shorter one's length, else a. */
    private static Value tokenWeights(HeadInputs in) {
        Ops ops = in.ops();
        Value sequences = in.input("target_sequences");
        Value lengths = in.input(HeadInputs.LENGTHS);
        Sides sides = in.columns(lengths);
        Value shared = ops.expand(ops.min(sides.chosen(), sides.rejected()), lengths.shape());
        Value limits = ops.gather(ops.reshape(shared, lengths.shape().elements()), sequences, 0);
        Value one = ops.scalar(limits, 1);
        return ops.where(ops.greater(limits, positions(in)), one, in.coefficient("ld_alpha"));
    }

    /** Each target's place in its response, from 0: its index less the first index of the same sequence. */
    private static Value positions(HeadInputs in) {
        Ops ops = in.ops();
        Value sequences = in.input("target_sequences");
        Value indices = ops.range(sequences.dim(0));
        Shape pairs = in.input(HeadInputs.LENGTHS).shape();
        Value none = ops.reshape(ops.full(pairs, DType.INT64, Integer.MAX_VALUE), pairs.elements());
        Value first = ops.scatterMin(none, sequences, indices, 0);
        Value place = ops.sub(indices, ops.gather(first, sequences, 0));
        return ops.cast(place, in.input("token_logps").dtype());
    }
}

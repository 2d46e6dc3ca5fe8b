package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Tape;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.Objective;
import org.dilort.heads.ObjectiveLosses;
import org.dilort.heads.OptionalInput;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * An objective over pairs, differentiated by what a model gives for them: from here the backward pass of the model
 * starts, whether the head stands in the same graph or sees the whole optimizer step in one of its own.
 *
 * <p>A pair whose loss or gradient is not finite is taken out: it counts as skipped, its loss and its gradient as zero,
 * and the others are as if it were not there, to the bit.
 *
 * @param loss the sum of pair weight times pair loss, scalar
 * @param losses {@code [pairs]}, as the heads give them
 * @param rewards {@code [pairs, 2]}
 * @param saturated {@code [pairs]}, 1 where an exponent was above its cap, else 0
 * @param skipped {@code [pairs]}, 1 where the pair is taken out, else 0
 * @param gradients d loss / d output for each of {@link Objective#carriers}, in its shape
 * @param nextState as {@link ObjectiveLosses} has it
 */
record ObjectiveGradient(
        Value loss,
        Value losses,
        Value rewards,
        Value saturated,
        Value skipped,
        Map<String, Value> gradients,
        List<Value> nextState) {

    private static final String TARGET_SEQUENCES = "target_sequences";

    /** @param scores what a model gives: policy_logps, lengths and the optional inputs other than detached_logps */
    static ObjectiveGradient build(
            Tape tape, Objective objective, Map<String, Value> scores, Value stepCounts, Value pairWeights) {
        Ops ops = tape.ops();
        Map<String, Value> inputs = new LinkedHashMap<>(scores);
        Map<String, Value> leaves = new LinkedHashMap<>();
        for (String carrier : objective.carriers()) {
            leaves.put(carrier, tape.detached(scores.get(carrier)));
        }
        inputs.putAll(leaves);
        if (objective.asksFor(OptionalInput.DETACHED_LOGPS)) {
            inputs.put(
                    OptionalInput.DETACHED_LOGPS.names().get(0), tape.detached(scores.get(TrainingGraph.POLICY_LOGPS)));
        }
        ObjectiveLosses heads = ObjectiveLosses.inline(ops, objective, bindings(inputs, stepCounts));
        Value infinite = notFinite(ops, heads.losses());
        Value usable = ops.where(infinite, ops.scalar(heads.losses(), 0), heads.losses());
        Value loss = ops.sumAll(ops.mul(usable, pairWeights));
        Map<String, Value> gradients = gradients(tape, loss, leaves);
        Value skipped = skipped(ops, infinite, gradients, inputs);
        Value kept = ops.where(skipped, ops.scalar(heads.losses(), 0), heads.losses());
        gradients.replaceAll((name, gradient) -> without(ops, skipped, gradient, inputs));
        return new ObjectiveGradient(
                ops.sumAll(ops.mul(kept, pairWeights)),
                heads.losses(),
                heads.rewards(),
                heads.saturated(),
                ops.cast(skipped, loss.dtype()),
                gradients,
                heads.nextState());
    }

    private static HeadGraph.Bindings bindings(Map<String, Value> inputs, Value stepCounts) {
        return new HeadGraph.Bindings(
                inputs.get(TrainingGraph.POLICY_LOGPS),
                inputs.get(ObjectiveGraph.REFERENCE_LOGPS),
                inputs.get(ObjectiveGraph.LENGTHS),
                stepCounts,
                inputs);
    }

    private static Map<String, Value> gradients(Tape tape, Value loss, Map<String, Value> leaves) {
        List<Value> found = tape.gradients(loss, new ArrayList<>(leaves.values()));
        Map<String, Value> gradients = new LinkedHashMap<>();
        int at = 0;
        for (String name : leaves.keySet()) {
            gradients.put(name, found.get(at++));
        }
        return gradients;
    }

    private static Value notFinite(Ops ops, Value x) {
        return ops.or(ops.isNaN(x), ops.isInf(x));
    }

    /** Pairs whose loss, or a gradient with respect to one of their values, is not finite: bool {@code [pairs]}. */
    private static Value skipped(Ops ops, Value infinite, Map<String, Value> gradients, Map<String, Value> inputs) {
        Value skipped = infinite;
        for (Value gradient : gradients.values()) {
            Value count = ops.cast(notFinite(ops, gradient), gradient.dtype());
            Value perPair = isOfTargets(gradient, inputs) ? perSequence(ops, count, inputs) : count;
            Value any = perPair.rank() == 2 ? ops.squeeze(ops.reduceSum(perPair, 1), 1) : perPair;
            skipped = ops.or(skipped, ops.greater(any, ops.scalar(any, 0)));
        }
        return skipped;
    }

    private static Value without(Ops ops, Value skipped, Value gradient, Map<String, Value> inputs) {
        return ops.where(mask(ops, skipped, gradient, inputs), ops.scalar(gradient, 0), gradient);
    }

    private static Value mask(Ops ops, Value skipped, Value gradient, Map<String, Value> inputs) {
        if (gradient.rank() == 2) {
            return ops.unsqueeze(skipped, 1); // [pairs, 1]
        }
        if (!isOfTargets(gradient, inputs)) {
            return skipped;
        }
        Value lengths = inputs.get(ObjectiveGraph.LENGTHS);
        Value column = ops.unsqueeze(ops.cast(skipped, gradient.dtype()), 1); // [pairs, 1]
        Value both =
                ops.reshape(ops.expand(column, lengths.shape()), lengths.shape().elements());
        Value ofTargets = ops.gather(both, inputs.get(TARGET_SEQUENCES), 0); // [targets]
        return ops.greater(ofTargets, ops.scalar(ofTargets, 0));
    }

    private static boolean isOfTargets(Value gradient, Map<String, Value> inputs) {
        return inputs.containsKey(TARGET_SEQUENCES)
                && gradient.shape().equals(inputs.get(TARGET_SEQUENCES).shape());
    }

    /** {@code [targets]} to {@code [pairs, 2]}. */
    private static Value perSequence(Ops ops, Value ofTargets, Map<String, Value> inputs) {
        Value lengths = inputs.get(ObjectiveGraph.LENGTHS);
        Value zeros = ops.reshape(ops.zerosLike(lengths), lengths.shape().elements());
        Value sums = ops.scatterAdd(zeros, inputs.get(TARGET_SEQUENCES), ofTargets, 0);
        return ops.reshape(sums, lengths.dim(0), Dim.of(2));
    }
}

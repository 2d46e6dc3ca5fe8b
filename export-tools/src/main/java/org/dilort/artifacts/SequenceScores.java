package org.dilort.artifacts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.autodiff.Tape;
import org.dilort.heads.OptionalInput;
import org.dilort.model.AttentionMasks;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.KeyValueCache;
import org.dilort.model.OutputProjection;
import org.dilort.model.PromptInputs;
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
 * Documents in, log-probabilities out: the part that training and scoring share.
 *
 * @param values by name: {@code policy_logps} and {@code lengths} {@code [pairs, 2]}, sums over scored tokens and their
 *     number, and of what {@link OptionalInput} names all that a model gives
 */
record SequenceScores(Map<String, Value> values) {

    SequenceScores {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    Value logps() {
        return values.get(TrainingGraph.POLICY_LOGPS);
    }

    /** @param wanted what heads ask for beside the sums */
    static SequenceScores build(
            Tape tape,
            CausalLm model,
            Weights weights,
            BatchInputs batch,
            GraphOptions options,
            Set<OptionalInput> wanted) {
        Ops ops = tape.ops();
        DType compute = options.compute();
        AttentionMasks masks = TrunkAndBranches.masks(ops, batch, compute);
        TokenStream tokens = new TokenStream(
                batch.inputIds(),
                batch.positionIds(),
                masks,
                KeyValueCache.NONE,
                options.tablePositions(),
                options.queryChunks(),
                compute);
        Value hidden = model.hiddenStates(tape, weights, tokens); // [rows * length, hidden]
        Scorer scorer = new Scorer(tape, batch, hidden, model.outputProjection(weights), options);
        return new SequenceScores(scorer.score(wanted));
    }

    private record Scorer(
            Tape tape, BatchInputs batch, Value hidden, OutputProjection projection, GraphOptions options) {

        Map<String, Value> score(Set<OptionalInput> wanted) {
            Map<String, Value> values = new LinkedHashMap<>();
            Value predicting = tape.ops().gather(hidden, batch.targetPositions(), 0); // [targets, hidden]
            Value tokenLogps;
            if (wanted.contains(OptionalInput.COLLISION_LOGPS)) {
                TokenLogProbs.WithCollisions both =
                        TokenLogProbs.withCollisions(tape, predicting, projection, batch.targetIds(), options.chunks());
                tokenLogps = both.logps();
                put(values, OptionalInput.COLLISION_LOGPS, perPair(both.collisions()));
            } else {
                tokenLogps = TokenLogProbs.of(tape, predicting, projection, batch.targetIds(), options.chunks());
            }
            values.put(TrainingGraph.POLICY_LOGPS, perPair(tokenLogps));
            values.put(ObjectiveGraph.LENGTHS, perPair(ones(batch.targetIds())));
            if (wanted.contains(OptionalInput.TOKEN_LOGPS)) {
                put(values, OptionalInput.TOKEN_LOGPS, tokenLogps);
                values.put(BatchInputs.TARGET_SEQUENCES, batch.targetSequences());
            }
            if (wanted.contains(OptionalInput.PROMPT_LOGPS)) {
                addPrompts(values);
            }
            return values;
        }

        private void addPrompts(Map<String, Value> values) {
            PromptInputs prompts = PromptInputs.declare(tape.ops().graph());
            Value predicting = tape.ops().gather(hidden, prompts.positions(), 0); // [prompt targets, hidden]
            Value logps = TokenLogProbs.of(tape, predicting, projection, prompts.ids(), options.chunks());
            List<String> names = OptionalInput.PROMPT_LOGPS.names();
            Shape pairs = Shape.of(batch.pairs());
            values.put(names.get(0), sums(pairs, prompts.pairs(), logps));
            values.put(names.get(1), sums(pairs, prompts.pairs(), ones(prompts.ids())));
        }

        private static void put(Map<String, Value> values, OptionalInput input, Value value) {
            values.put(input.names().get(0), value);
        }

        /** {@code [targets]} to {@code [pairs, 2]}. */
        private Value perPair(Value ofTargets) {
            Value sums = sums(Shape.of(batch.sequences()), batch.targetSequences(), ofTargets);
            return tape.ops().reshape(sums, batch.pairs(), Dim.of(2));
        }

        /** In double: one float rounding of a sum that may be thousands of nats, instead of one for each token. */
        private Value sums(Shape shape, Value indices, Value values) {
            Ops ops = tape.ops();
            Value zeros = ops.full(shape, DType.DOUBLE, 0);
            return ops.cast(ops.scatterAdd(zeros, indices, ops.cast(values, DType.DOUBLE), 0), values.dtype());
        }

        private Value ones(Value like) {
            Value one = tape.ops().constant(Tensor.of(options.compute(), Shape.of(1), 1));
            return tape.ops().expand(one, like.shape());
        }
    }
}

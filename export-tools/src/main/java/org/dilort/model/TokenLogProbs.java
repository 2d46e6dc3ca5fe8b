package org.dilort.model;

import java.util.ArrayList;
import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Log-probabilities of target tokens, without ever holding all logits.
 *
 * <p>logp = logit - logsumexp(logits). The targets are cut into chunks; a chunk's logits live only while the chunk is
 * worked on, and the backward pass computes them again: with p = softmax(logits), dlogits = (onehot - p) dlogp, and through
 * the cap of a model that has one.
 */
public final class TokenLogProbs {
    private final Ops ops;
    private final OutputProjection form;
    private final List<Chunk> chunks;

    /**
     * @param logps {@code [targets]}, nats
     * @param collisions {@code [targets]}, log sum_v p(v)², through which no gradient flows
     */
    public record WithCollisions(Value logps, Value collisions) {}

    /** Targets {@code from .. to - 1}. */
    private record Chunk(long from, long to, Value ids) {}

    private TokenLogProbs(Ops ops, OutputProjection form, List<Chunk> chunks) {
        this.ops = ops;
        this.form = form;
        this.chunks = chunks;
    }

    /**
     * @param chunkTargets targets of one chunk
     * @param chunkCount how many chunks there are; the last one takes all that is left
     */
    public record Chunks(int chunkTargets, int chunkCount) {
        public static final Chunks WHOLE = new Chunks(1, 1);
        private static final long LOGITS_BYTES = 64L << 20;
        private static final long MOST_LOGITS_BYTES = 256L << 20;
        private static final long MOST = 64;

        public Chunks {
            if (chunkTargets < 1 || chunkCount < 1) {
                throw new IllegalArgumentException(
                        "chunks of " + chunkTargets + " targets, " + chunkCount + " of them");
            }
        }

        /**
         * For micro-batches of up to {@code targets}: as few chunks as keep one chunk's float logits within 64 MiB, or
         * within a quarter of the projection's size, up to 256 MiB, for each chunk also writes a gradient of the whole
         * projection; at most 64 of them, each with nodes of its own.
         */
        public static Chunks forTargets(long targets, int vocabulary, int hidden) {
            long fitting =
                    Math.max(LOGITS_BYTES, Math.min(MOST_LOGITS_BYTES, (long) vocabulary * hidden)) / (4L * vocabulary);
            long chunk = Math.max(fitting, Math.max(16, (targets + MOST - 1) / MOST));
            long count = Math.max(1, (targets + chunk - 1) / chunk);
            return new Chunks((int) Math.min(chunk, Integer.MAX_VALUE), (int) count);
        }
    }

    /**
     * @param hidden {@code [targets, hidden]}, the states that predict
     * @param targetIds int64 {@code [targets]}
     * @return {@code [targets]}, nats
     */
    public static Value of(Tape tape, Value hidden, OutputProjection projection, Value targetIds, Chunks chunks) {
        TokenLogProbs logProbs = new TokenLogProbs(tape.ops(), projection, cut(tape.ops(), targetIds, chunks));
        return tape.custom(
                        List.of(hidden, projection.weight()),
                        inputs -> List.of(
                                logProbs.joined(logProbs.forward(inputs.get(0), inputs.get(1), logProbs::picked))),
                        (inputs, gradients) -> logProbs.backward(inputs.get(0), inputs.get(1), gradients.get(0)))
                .get(0);
    }

    /** The same, and for each target how likely two draws of its distribution are to agree. */
    public static WithCollisions withCollisions(
            Tape tape, Value hidden, OutputProjection projection, Value targetIds, Chunks chunks) {
        TokenLogProbs logProbs = new TokenLogProbs(tape.ops(), projection, cut(tape.ops(), targetIds, chunks));
        List<Value> both = tape.custom(
                List.of(hidden, projection.weight()),
                inputs -> {
                    List<Value> collisions = new ArrayList<>();
                    List<Value> picked = logProbs.forward(inputs.get(0), inputs.get(1), (logProb, chunk) -> {
                        collisions.add(logProbs.collisions(logProb));
                        return logProbs.picked(logProb, chunk);
                    });
                    return List.of(logProbs.joined(picked), logProbs.joined(collisions));
                },
                (inputs, gradients) -> logProbs.backward(inputs.get(0), inputs.get(1), gradients.get(0)));
        return new WithCollisions(both.get(0), both.get(1));
    }

    private static List<Chunk> cut(Ops ops, Value targetIds, Chunks chunks) {
        List<Chunk> parts = new ArrayList<>();
        for (int i = 0; i < chunks.chunkCount(); i++) {
            long from = (long) i * chunks.chunkTargets();
            long to = i == chunks.chunkCount() - 1 ? Long.MAX_VALUE : from + chunks.chunkTargets();
            parts.add(new Chunk(from, to, ops.slice(targetIds, 0, from, to)));
        }
        return parts;
    }

    /** What is kept of a chunk's log-probabilities {@code [chunk, vocabulary]}. */
    private interface Reading {
        Value of(Value logProbs, Chunk chunk);
    }

    private List<Value> forward(Value hidden, Value weight, Reading reading) {
        OutputProjection projection = form.with(weight);
        List<Value> parts = new ArrayList<>();
        for (Chunk chunk : chunks) {
            Value states = ops.slice(hidden, 0, chunk.from(), chunk.to()); // [chunk, hidden]
            parts.add(reading.of(ops.logSoftmax(projection.logits(ops, states)), chunk));
        }
        return parts;
    }

    private Value picked(Value logProbs, Chunk chunk) {
        return ops.squeeze(ops.gatherElements(logProbs, ops.unsqueeze(chunk.ids(), 1), 1), 1); // [chunk]
    }

    /** The sum of squares is at least 1 / vocabulary, so its logarithm needs no maximum taken out. */
    private Value collisions(Value logProbs) {
        return ops.log(ops.squeeze(ops.reduceSum(ops.exp(ops.mul(logProbs, 2)), 1), 1)); // [chunk]
    }

    private List<Value> backward(Value hidden, Value weight, Value logProbGradients) {
        OutputProjection projection = form.with(weight);
        List<Value> hiddenGradients = new ArrayList<>();
        List<Value> weightGradients = new ArrayList<>();
        for (Chunk chunk : chunks) {
            Value states = ops.slice(hidden, 0, chunk.from(), chunk.to()); // [chunk, hidden]
            Value gradient = ops.unsqueeze(ops.slice(logProbGradients, 0, chunk.from(), chunk.to()), 1); // [chunk, 1]
            Value logits = projection.logits(ops, states); // [chunk, vocabulary]
            Value logitGradients = ops.mul(surprise(logits, chunk.ids()), gradient);
            Value productGradients = projection.cap().gradient(ops, logits, logitGradients);
            hiddenGradients.add(projection.hiddenGradient(ops, productGradients));
            weightGradients.add(projection.weightGradient(ops, productGradients, states));
        }
        return List.of(
                joined(hiddenGradients),
                weightGradients.stream().reduce(ops::add).orElseThrow());
    }

    /** onehot - p, {@code [chunk, vocabulary]}. */
    private Value surprise(Value logits, Value ids) {
        Value probabilities = ops.softmax(logits);
        Value isTarget = ops.oneHot(ids, DType.FLOAT, logits.dim(1).value()); // has no double kernel
        return ops.sub(ops.cast(isTarget, logits.dtype()), probabilities);
    }

    private Value joined(List<Value> parts) {
        return parts.size() == 1 ? parts.get(0) : ops.concat(0, parts.toArray(Value[]::new));
    }
}

package org.dilort.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.importer.Operand.Built;
import org.dilort.model.Attention;
import org.dilort.model.KeyValueCache;
import org.dilort.model.SoftCap;
import org.dilort.model.Window;
import org.dilort.onnx.Dim;
import org.dilort.onnx.OnnxNode;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Operators that ONNX Runtime has for inference alone, as what they are made of. {@code onnxruntime-genai}'s model
 * builder writes these.
 */
final class FusedNodes {
    private static final String MICROSOFT = "com.microsoft::";
    private static final double DEFAULT_EPSILON = 1e-5;

    static final Map<String, NodeForms.Form> TABLE = Map.of(
            MICROSOFT + "SkipSimplifiedLayerNormalization",
            FusedNodes::skipRmsNorm,
            MICROSOFT + "SkipLayerNormalization",
            FusedNodes::skipLayerNorm,
            MICROSOFT + "SimplifiedLayerNormalization",
            FusedNodes::rmsNorm,
            "SimplifiedLayerNormalization",
            FusedNodes::rmsNorm,
            MICROSOFT + "RotaryEmbedding",
            FusedNodes::rotaryEmbedding,
            MICROSOFT + "GroupQueryAttention",
            FusedNodes::groupQueryAttention,
            MICROSOFT + "FastGelu",
            (walk, node) -> one(walk.ops().fastGelu(biased(walk, node))),
            MICROSOFT + "BiasGelu",
            (walk, node) -> one(walk.ops().gelu(biased(walk, node))));

    private FusedNodes() {}

    private static List<Operand> one(Value value) {
        return List.of(new Built(value));
    }

    private static Value biased(GraphWalk walk, OnnxNode node) {
        Value x = walk.value(node, 0);
        return GraphWalk.has(node, 1) ? walk.ops().add(x, walk.value(node, 1)) : x;
    }

    private static List<Operand> rmsNorm(GraphWalk walk, OnnxNode node) {
        double epsilon = node.number("epsilon", DEFAULT_EPSILON);
        return one(walk.ops()
                .rmsNorm(walk.value(node, 0), walk.value(node, 1), epsilon)
                .output());
    }

    /** Input, skip, gain, bias; gives the norm of the sum first and the sum last. */
    private static List<Operand> skipRmsNorm(GraphWalk walk, OnnxNode node) {
        Ops ops = walk.ops();
        Value sum = sum(walk, node, 3);
        double epsilon = node.number("epsilon", DEFAULT_EPSILON);
        return withSum(ops.rmsNorm(sum, walk.value(node, 2), epsilon).output(), sum);
    }

    /** Input, skip, gain, offset, bias. */
    private static List<Operand> skipLayerNorm(GraphWalk walk, OnnxNode node) {
        Value sum = sum(walk, node, 4);
        double epsilon = node.number("epsilon", DEFAULT_EPSILON);
        Ops ops = walk.ops();
        Value centred = ops.sub(sum, ops.reduceMean(sum, -1));
        Value variance = ops.reduceMean(ops.mul(centred, centred), -1);
        Value normalised = ops.div(centred, ops.sqrt(ops.add(variance, epsilon)));
        Value scaled = ops.mul(normalised, walk.value(node, 2));
        return withSum(GraphWalk.has(node, 3) ? ops.add(scaled, walk.value(node, 3)) : scaled, sum);
    }

    private static Value sum(GraphWalk walk, OnnxNode node, int bias) {
        Value sum = walk.ops().add(walk.value(node, 0), walk.value(node, 1));
        return GraphWalk.has(node, bias) ? walk.ops().add(sum, walk.value(node, bias)) : sum;
    }

    /** Mean and inverse deviation, the second and third output, are for training kernels; nothing reads them here. */
    private static List<Operand> withSum(Value norm, Value sum) {
        return List.of(new Built(norm), new Built(sum), new Built(sum), new Built(sum));
    }

    /** Input, positions, cosines, sines; the input is {@code [rows, length, width]} or {@code [rows, heads, length, size]}. */
    private static List<Operand> rotaryEmbedding(GraphWalk walk, OnnxNode node) {
        requireHalves(node.integer("interleaved", 0));
        Ops ops = walk.ops();
        Value x = walk.value(node, 0);
        Value cos = walk.table(node, 2);
        Value sin = walk.table(node, 3);
        Value positions = walk.value(node, 1);
        if (x.rank() == 4) {
            return one(ops.rotaryEmbedding(x, positions, cos, sin));
        }
        long heads = node.integer("num_heads", 0);
        long size = heads > 0 ? x.dim(2).value() / heads : 2 * cos.dim(1).value();
        Value split = split(walk, x, x.dim(2).value() / size, size);
        return one(merged(walk, ops.rotaryEmbedding(split, positions, cos, sin)));
    }

    private static void requireHalves(long interleaved) {
        if (interleaved != 0) {
            throw new UnsupportedOperatorException(
                    "interleaved rotary embeddings are not supported, only rotated halves");
        }
    }

    /** {@code [rows, length, heads * size] -> [rows, heads, length, size]}. */
    private static Value split(GraphWalk walk, Value x, long heads, long size) {
        Ops ops = walk.ops();
        return ops.transpose(ops.reshape(x, x.dim(0), x.dim(1), Dim.of(heads), Dim.of(size)), 0, 2, 1, 3);
    }

    /** {@code [rows, heads, length, size] -> [rows, length, heads * size]}. */
    private static Value merged(GraphWalk walk, Value x) {
        Value moved = walk.ops().transpose(x, 0, 2, 1, 3);
        return walk.ops().reshape(moved, x.dim(0), x.dim(2), x.dim(1).times(x.dim(3)));
    }

    /**
     * Query, key, value (or all three in the first), earlier keys and values, lengths, cosines, sines. What a token sees
     * comes from this graph's own tokens, so several documents may share a row.
     */
    private static List<Operand> groupQueryAttention(GraphWalk walk, OnnxNode node) {
        requirePlainScores(node);
        Ops ops = walk.ops();
        long heads = node.integer("num_heads", 0);
        long groups = node.integer("kv_num_heads", 0);
        List<Value> parts = queryKeyValue(walk, node, heads, groups);
        long size = parts.get(0).dim(2).value() / heads;
        Value query = split(walk, parts.get(0), heads, size);
        Value key = split(walk, parts.get(1), groups, size);
        Value value = split(walk, parts.get(2), groups, size);
        if (node.integer("do_rotary", 0) == 1) {
            requireHalves(node.integer("rotary_interleaved", 0));
            Value cos = walk.table(node, 7);
            Value sin = walk.table(node, 8);
            query = ops.rotaryEmbedding(query, walk.tokens().positionIds(), cos, sin);
            key = ops.rotaryEmbedding(key, walk.tokens().positionIds(), cos, sin);
        }
        long window = node.integer("local_window_size", -1);
        Window seen = window < 1 ? Window.UNBOUNDED : new Window(window);
        List<Value> masks = walk.tokens().masks().of(ops, seen, walk.tokens().queryChunks(), heads / groups);
        double scale = node.number("scale", 0);
        double cap = node.number("softcap", 0);
        Attention.Scores scores = new Attention.Scores(
                scale == 0 ? 1 / Math.sqrt(size) : scale, cap == 0 ? SoftCap.NONE : new SoftCap(cap));
        Value mixed = Attention.attend(
                walk.tape(), walk.tokens(), query, new KeyValueCache.KeyValue(key, value), masks, scores);
        return List.of(new Built(merged(walk, mixed)), new Built(key), new Built(value));
    }

    private static void requirePlainScores(OnnxNode node) {
        if (node.integer("smooth_softmax", 0) == 1 || GraphWalk.has(node, 10) || GraphWalk.has(node, 11)) {
            throw new UnsupportedOperatorException("smooth softmax, attention bias and head sinks are not supported");
        }
    }

    private static List<Value> queryKeyValue(GraphWalk walk, OnnxNode node, long heads, long groups) {
        Value first = walk.value(node, 0);
        if (GraphWalk.has(node, 1)) {
            return List.of(first, walk.value(node, 1), walk.value(node, 2));
        }
        long size = first.dim(2).value() / (heads + 2 * groups);
        return new ArrayList<>(walk.ops().split(first, 2, heads * size, groups * size, groups * size));
    }
}
